package dev.aviary.bgp.transport;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link Wire} over a Netty channel. */
// What comes of a write, a close or a bind arrives as an event of the channel.
@SuppressWarnings("FutureReturnValueIgnored")
final class TcpWire implements Wire {
  /** Most octets that are looked at together: a whole message more than one read brings. */
  static final int READ_LIMIT = 192 * 1024;

  /** How long a closed connection waits for the peer to close its side. */
  private static final long LINGER_SECONDS = 2;

  // Linux's numbers: level, option.
  private static final IntegerUnixChannelOption IP_TTL =
      new IntegerUnixChannelOption("IP_TTL", 0, 2);
  private static final IntegerUnixChannelOption IP_MINTTL =
      new IntegerUnixChannelOption("IP_MINTTL", 0, 21);
  private static final IntegerUnixChannelOption IPV6_UNICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", 41, 16);
  private static final IntegerUnixChannelOption IPV6_MINHOPCOUNT =
      new IntegerUnixChannelOption("IPV6_MINHOPCOUNT", 41, 73);

  /** One for all connections of an event loop; used within one read. */
  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[READ_LIMIT];
        }
      };

  private final Channel channel;
  private @Nullable InetSocketAddress remote;
  private @Nullable WireHandler handler;
  private @Nullable FrameReader reader;
  private boolean done;
  private long sent;

  TcpWire(Channel channel) {
    this.channel = channel;
  }

  void handler(WireHandler handler) {
    this.handler = handler;
    this.reader = new FrameReader(handler);
  }

  void remote(InetSocketAddress remote) {
    this.remote = remote;
  }

  void connected() {
    if (!done && handler != null) {
      handler.connected();
    }
  }

  void fail(String reason) {
    if (!done && handler != null) {
      done = true;
      handler.closed(reason);
    }
  }

  /** What an operator reads about {@code cause}: strerror's words. */
  static String reason(Throwable cause) {
    var message = String.valueOf(cause.getMessage());
    if (cause instanceof ConnectException && message.contains("refused")) {
      return "Connection refused";
    }
    if (message.contains("reset")) {
      return "Connection reset by peer";
    }
    if (message.contains("in use")) {
      return "Address already in use";
    }
    if (message.contains("assign requested address")) {
      return "Cannot assign requested address";
    }
    if (cause instanceof Errors.NativeIoException && message.contains("failed: ")) {
      return message.substring(message.indexOf("failed: ") + "failed: ".length());
    }
    return message;
  }

  ChannelInboundHandlerAdapter inbound() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelActive(ChannelHandlerContext context) {
        // A dialled one is announced by its connect future, after its options are set.
        if (remote == null) {
          connected();
        }
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object received) {
        var octets = (ByteBuf) received;
        try {
          read(octets);
        } finally {
          octets.release();
        }
      }

      @Override
      public void channelReadComplete(ChannelHandlerContext context) {
        if (!done && handler != null) {
          handler.readComplete();
        }
      }

      @Override
      public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!done && handler != null && channel.isWritable()) {
          handler.writable();
        }
      }

      @Override
      public void channelInactive(ChannelHandlerContext context) {
        fail("Connection closed");
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof java.io.IOException) {
          // A write may fail while the speaker is telling others: what follows waits for its turn.
          channel.eventLoop().execute(() -> fail(reason(cause)));
          context.close();
        } else {
          context.close();
          throw new IllegalStateException("while reading from " + remote(), cause);
        }
      }
    };
  }

  private void read(ByteBuf octets) {
    var scratch = SCRATCH.get();
    var frames = reader;
    while (!done && frames != null && octets.isReadable()) {
      int kept = frames.kept();
      frames.takeKept(scratch);
      int count = Math.min(octets.readableBytes(), scratch.length - kept);
      octets.readBytes(scratch, kept, count);
      frames.read(scratch, kept + count);
    }
  }

  @Override
  public InetSocketAddress local() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public InetSocketAddress remote() {
    return remote != null ? remote : (InetSocketAddress) channel.remoteAddress();
  }

  @Override
  public void send(Message message) {
    var encoded = Encoded.of(message);
    sent += encoded.size();
    channel.writeAndFlush(encoded.octets(), channel.voidPromise());
  }

  @Override
  public void write(Encoded encoded, int from, int to) {
    sent += to - from;
    channel.write(encoded.octets().retainedSlice(from, to - from), channel.voidPromise());
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public long sent() {
    return sent;
  }

  @Override
  public void close() {
    if (done) {
      channel.close();
      return;
    }
    done = true;
    if (reader != null) {
      reader.stop();
    }
    // Closing with unread octets sends a RST, which may discard our last NOTIFICATION at the peer:
    // shut down our side, drain, and close when the peer does.
    if (channel.isActive() && channel instanceof DuplexChannel duplex) {
      channel
          .writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
          .addListener(_ -> duplex.shutdownOutput());
      var timeout =
          channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
      channel.closeFuture().addListener(_ -> timeout.cancel(false));
    } else {
      channel.close().addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void apply(WireOptions options) {
    if (!(channel instanceof EpollSocketChannel)) {
      return; // NIO has no such options
    }
    boolean v6 = remote().getAddress() instanceof Inet6Address;
    options.ttl().ifPresent(ttl -> set(v6 ? IPV6_UNICAST_HOPS : IP_TTL, ttl));
    options.minimumTtl().ifPresent(ttl -> set(v6 ? IPV6_MINHOPCOUNT : IP_MINTTL, ttl));
  }

  private void set(IntegerUnixChannelOption option, int value) {
    channel.config().setOption(option, value);
  }
}
