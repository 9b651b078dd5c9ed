package dev.aviary.emulator.bird.filter;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands between brackets: sets, and patterns of paths. */
final class SetParser {
  private static final long MOST = 0xffff_ffffL;

  private final ExpressionParser expressions;
  private final Cursor words;

  SetParser(ExpressionParser expressions, Cursor words) {
    this.expressions = expressions;
    this.words = words;
  }

  /** A set behind its opening bracket. */
  Value rest() throws SyntaxException {
    var spans = new ArrayList<Span>();
    var networks = new ArrayList<NetworkPattern>();
    if (!words.take("]")) {
      do {
        item(spans, networks);
      } while (words.take(","));
      words.expect("]");
    }
    return networks.isEmpty() ? new Value.Members(spans) : new Value.Networks(networks);
  }

  private void item(List<Span> spans, List<NetworkPattern> networks) throws SyntaxException {
    if (words.take("(")) {
      spans.add(pattern());
    } else if (words.peek().kind() == Token.Kind.ADDRESS) {
      addressed(spans, networks);
    } else {
      var from = expressions.constant();
      switch (from) {
        case Value.Members(var more) -> spans.addAll(more);
        case Value.Networks(var more) -> networks.addAll(more);
        case Value.Nothing _,
            Value.Bool _,
            Value.Numeric _,
            Value.Quad _,
            Value.Address _,
            Value.Network _,
            Value.Text _,
            Value.Word _,
            Value.Community _,
            Value.Path _,
            Value.Communities _,
            Value.Mask _ ->
            spans.add(new Span.Between(from, words.take("..") ? expressions.constant() : from));
      }
    }
  }

  private void addressed(List<Span> spans, List<NetworkPattern> networks) throws SyntaxException {
    var address = expressions.setAddress();
    if (words.peek().is("/")) {
      networks.add(lengths(expressions.setPrefix(address)));
      return;
    }
    var to = words.take("..") ? expressions.setAddress() : address;
    spans.add(new Span.Between(new Value.Address(address), new Value.Address(to)));
  }

  private NetworkPattern lengths(Prefix prefix) throws SyntaxException {
    int most = most(prefix.address());
    if (words.take("+")) {
      return new NetworkPattern(prefix, prefix.length(), most);
    }
    if (words.take("-")) {
      return new NetworkPattern(prefix, 0, prefix.length());
    }
    if (!words.take("{")) {
      return new NetworkPattern(prefix, prefix.length(), prefix.length());
    }
    var low = words.expect(Token.Kind.NUMBER);
    words.expect(",");
    var high = words.expect(Token.Kind.NUMBER);
    words.expect("}");
    if (low.number() > high.number() || high.number() > most) {
      throw SyntaxException.because(low, "Invalid prefix pattern range");
    }
    return new NetworkPattern(prefix, (int) low.number(), (int) high.number());
  }

  private static int most(IpAddress address) {
    return switch (address.family()) {
      case IPV4 -> 32;
      case IPV6 -> 128;
    };
  }

  private Span pattern() throws SyntaxException {
    if (ExpressionParser.isExtended(words.peek())) {
      var word = words.next().text();
      words.expect(",");
      boolean isAddress = words.peek().kind() == Token.Kind.ADDRESS;
      long key = expressions.bound(MOST).low();
      words.expect(",");
      boolean wide = key <= 0xffff && !isAddress;
      var value = expressions.bound(wide ? MOST : 0xffff);
      words.expect(")");
      var low = CommunityKind.extended(word, isAddress, key, value.low());
      var high = CommunityKind.extended(word, isAddress, key, value.high());
      return new Span.Pattern(
          CommunityKind.EXTENDED,
          List.of(
              new Span.Bound(low.getFirst(), high.getFirst()),
              new Span.Bound(low.getLast(), high.getLast())));
    }
    var bounds = new ArrayList<Span.Bound>();
    do {
      bounds.add(expressions.bound(MOST));
    } while (words.take(","));
    words.expect(")");
    return new Span.Pattern(
        bounds.size() == 2 ? CommunityKind.STANDARD : CommunityKind.LARGE, bounds);
  }

  /** A pattern of paths behind its opening mark. */
  PathMask mask() throws SyntaxException {
    var steps = new ArrayList<PathMask.Step>();
    while (!words.take("=]")) {
      if (words.take("*")) {
        steps.add(new PathMask.Many());
      } else if (words.take("?")) {
        steps.add(new PathMask.Any());
      } else if (words.take("+")) {
        steps.add(new PathMask.Again());
      } else {
        var bound = expressions.bound(MOST);
        steps.add(new PathMask.Ases(bound.low(), bound.high()));
      }
    }
    return new PathMask(steps);
  }
}
