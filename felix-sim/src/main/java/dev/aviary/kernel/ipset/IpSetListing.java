package dev.aviary.kernel.ipset;

/** Turns what {@code ipset list} printed into what {@code ipset restore} reads. */
public final class IpSetListing {
  private IpSetListing() {}

  /** True if {@code text} is a listing, not the output of {@code ipset save}. */
  public static boolean isListing(String text) {
    return text.lines().anyMatch(line -> line.startsWith("Name: "));
  }

  /**
   * The same sets for {@code ipset restore}, one line of it for each line of the listing.
   *
   * @throws IpSetException with the line that is not understood
   */
  public static String toRestore(String listing) throws IpSetException {
    var out = new StringBuilder();
    int number = 0;
    var name = "";
    var type = "";
    boolean inMembers = false;
    for (var line : listing.lines().toList()) {
      number++;
      var text = line.strip();
      if (text.startsWith("Name: ")) {
        name = text.substring("Name: ".length());
        type = "";
        inMembers = false;
      } else if (text.startsWith("Type: ")) {
        type = text.substring("Type: ".length());
      } else if (text.startsWith("Header: ")) {
        if (name.isEmpty() || type.isEmpty()) {
          throw new IpSetException("Header before Name and Type").at(number);
        }
        out.append("create ").append(name).append(' ').append(type).append(' ');
        out.append(text.substring("Header: ".length()));
      } else if (text.equals("Members:")) {
        inMembers = true;
      } else if (inMembers && !text.isEmpty() && !text.startsWith("#")) {
        out.append("add ").append(name).append(' ').append(text);
      } else if (!isRemark(text)) {
        throw new IpSetException("'" + text + "' is no part of a listing").at(number);
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static boolean isRemark(String text) {
    return text.isEmpty()
        || text.startsWith("#")
        || text.startsWith("Revision: ")
        || text.startsWith("Size in memory: ")
        || text.startsWith("References: ")
        || text.startsWith("Number of entries: ");
  }
}
