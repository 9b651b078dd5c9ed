package dev.aviary.emulator.calicoctl;

import dev.aviary.emulator.cluster.JsonText;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.LeakReport;
import dev.aviary.ipam.ReleaseOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code ipam release --from-report}: what every report found unused is given back. */
final class ReleaseFromReports {
  private final IpamSite site;
  private final boolean force;
  private final boolean master;
  private final StringBuilder out = new StringBuilder();

  ReleaseFromReports(IpamSite site, boolean force) {
    this.site = site;
    this.force = force;
    this.master = site.variant() == IpamVariant.MASTER;
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is a library's that is not needed else
  private void line(String format, Object... values) {
    out.append(format.formatted(values)).append('\n');
  }

  /** Newer versions begin their errors small and end them without a stop. */
  private Answer refused(String text) {
    return Answer.failed(
        out.toString(), master ? IpamVerbs.lowered(text.substring(0, text.length() - 1)) : text);
  }

  Answer run(List<Path> files, boolean json) throws IpamException {
    var information = site.information();
    var reports = new ArrayList<LeakReport>();
    boolean current = false;
    for (var file : files) {
      LeakReport report;
      try {
        report = LeakReport.parse(Files.readString(file));
      } catch (IOException e) {
        return Answer.failed(out.toString(), "open " + file + ": no such file or directory");
      } catch (IllegalArgumentException e) {
        return Answer.failed(out.toString(), file + ": " + e.getMessage());
      }
      if (!information.guid().equals(report.clusterGuid())) {
        return refused(
            "Cluster does not match the provided report (%s): mismatched cluster GUID. Refusing to release."
                .formatted(file));
      }
      if (!IpamVerbs.CLIENT_VERSION.equals(report.version())) {
        if (!force) {
          return refused(
              "The provided report (%s) was produced using a different version (%s) of calicoctl. Refusing to release."
                  .formatted(file, report.version()));
        }
        line(
            "WARNING: Report was produced using a different version of calicoctl. Ignoring due to"
                + " --force option");
      }
      current |= information.revision().equals(report.revision());
      reports.add(report);
    }
    if (!current) {
      return refused(
          "The provided reports are all stale - at least one should be up-to-date. Please generate"
              + " a new report while the data store is locked and try again.");
    }
    if (information.ready()) {
      if (!force) {
        return refused(
            "Data store is not locked. Either lock the data store, or re-run with --force.");
      }
      line("WARNING: Data store is not locked. Ignoring due to --force option");
    }
    var addresses = LeakReport.inAll(reports);
    var handles = LeakReport.handlesInAll(reports);
    var released = addresses(addresses);
    if (released != null) {
      return released;
    }
    if (master) {
      handles(handles);
    }
    line("You may now unlock the data store.");
    return Answer.ok(json ? json(addresses, handles) : out.toString());
  }

  private @org.jspecify.annotations.Nullable Answer addresses(List<ReleaseOption> options) {
    if (options.isEmpty()) {
      line(
          master
              ? "Report didn't contain any leaked IPs to clean up."
              : "No addresses need to be released.");
      return null;
    }
    line("Releasing %d old IPs%s", options.size(), master ? "..." : "");
    // v3.22 does not look at handles and numbers.
    var released =
        site.ipam()
            .release(
                master
                    ? options
                    : options.stream().map(o -> ReleaseOption.of(o.address())).toList());
    int gone = released.unallocated().size();
    if (!master) {
      if (released.error() != null) {
        return Answer.failed(out.toString(), released.error().message());
      }
      if (gone > 0) {
        line("Warning: report contained addresses which are no longer allocated");
      } else {
        line("Released %d IPs successfully", options.size());
      }
      return null;
    }
    if (released.error() != null) {
      line(
          "An error occurred while releasing some IPs: %s.  Problems are often caused by an"
              + " out-of-date IPAM report.  Try regenerating the IPAM report and retry.",
          released.error().message());
    } else {
      line("Released %d IPs successfully", options.size() - gone);
    }
    if (gone > 0) {
      line("%d addresses marked as leaked in the report had already been cleaned up.", gone);
    }
    return null;
  }

  private void handles(Map<String, String> handles) {
    if (handles.isEmpty()) {
      line("Report didn't contain any handles to clean up.");
      return;
    }
    line("Deleting %d handles...", handles.size());
    line("Key: '.' = Deleted OK; 'x' = skip, handle missing/changed.");
    int deleted = 0;
    int skipped = 0;
    int errors = 0;
    for (var handle : handles.entrySet()) {
      try {
        IpamVerbs.delete(site, handle.getKey(), handle.getValue());
        deleted++;
        out.append('.');
      } catch (IpamException e) {
        if (e.error() instanceof IpamError.NotExist || e.error() instanceof IpamError.Conflict) {
          skipped++;
          out.append('x');
        } else {
          errors++;
          out.append(
              "\nDeleting handle %s failed: %s.\n".formatted(handle.getKey(), e.getMessage()));
        }
      }
    }
    line("");
    line("Released %d handles; %d skipped; %d errors.", deleted, skipped, errors);
  }

  private static String json(List<ReleaseOption> addresses, Map<String, String> handles) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("released", addresses.stream().map(o -> o.address().toString()).toList());
    fields.put("handles", handles.keySet());
    return JsonText.print(fields);
  }
}
