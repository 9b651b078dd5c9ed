package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The options that protocols take, by their first words. What begins otherwise is no configuration;
 * kinds that are not listed take anything.
 */
final class BirdOptions {
  private static final String ALL =
      "disabled,debug,mrtdump,router id,description,vrf,password,passwords,tx class,tx priority";
  private static final String CHANNEL =
      "import,export,preference,table,receive limit,import limit,export limit";

  private static final Map<String, List<List<String>>> BY_KIND =
      Map.of(
          "device",
          phrases(ALL, CHANNEL, "scan time,interface,primary,preferred"),
          "direct",
          phrases(ALL, CHANNEL, "interface,check link,ipv4,ipv6"),
          "kernel",
          phrases(
              ALL,
              CHANNEL,
              "learn,persist,scan time,kernel table,graceful restart,merge paths,device routes,"
                  + "metric,netlink rx buffer,ipv4,ipv6"),
          "static",
          phrases(ALL, CHANNEL, "route,check link,igp table,ipv4,ipv6"),
          "bgp",
          phrases(
              ALL,
              CHANNEL,
              "local,neighbor,multihop,direct,source address,rr client,rr cluster id,rs client,"
                  + "gateway,next hop,missing lladdr,passive,strict bind,strict,interpret communities,"
                  + "allow local as,allow local pref,allow as sets,enforce first as,enable route "
                  + "refresh,enable as4,enable extended messages,capabilities,advertise,graceful "
                  + "restart,long lived,add paths,secondary,path metric,med metric,deterministic med,"
                  + "igp metric,prefer older,default bgp_med,default bgp_local_pref,error wait time,"
                  + "error forget time,disable after,hold time,startup hold time,keepalive time,"
                  + "connect delay time,connect retry time,start delay time,min hold time,"
                  + "ttl security,igp table,confederation,setkey,authentication,check link,bfd,"
                  + "dynamic name,send hold time,cost,interface,route limit,receive limit,ipv4,ipv6,"
                  + "require,keepalive time,extended next hop,free bind"));

  private BirdOptions() {}

  private static List<List<String>> phrases(String... lists) {
    var phrases = new ArrayList<List<String>>();
    for (var list : lists) {
      for (var phrase : list.split(",", -1)) {
        phrases.add(List.of(phrase.split(" ", -1)));
      }
    }
    return phrases;
  }

  /** Looks at the option that comes next, and takes nothing. */
  static void check(String kind, Cursor in) throws SyntaxException {
    var fitting = BY_KIND.get(kind);
    for (int at = 0; fitting != null && !fitting.isEmpty(); at++) {
      int index = at;
      var word = in.peek(index);
      var next =
          fitting.stream()
              .filter(phrase -> phrase.size() > index && word.is(phrase.get(index)))
              .toList();
      if (next.isEmpty()) {
        if (fitting.stream().anyMatch(phrase -> phrase.size() == index)) {
          return;
        }
        throw unexpected(word, fitting, index);
      }
      fitting = next;
    }
  }

  private static SyntaxException unexpected(Token word, List<List<String>> fitting, int index) {
    var expected =
        fitting.stream()
            .map(phrase -> phrase.get(index).toUpperCase(Locale.ROOT))
            .distinct()
            .toList();
    return expected.size() > 4
        ? SyntaxException.unexpected(word)
        : SyntaxException.unexpected(word, expected.toArray(String[]::new));
  }
}
