package dev.aviary.bgp.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Real sockets, all on one event loop. On Linux through epoll, which has TCP-MD5; elsewhere through
 * NIO, which has not.
 */
// What comes of a write, a close or a bind arrives as an event of the channel.
@SuppressWarnings("FutureReturnValueIgnored")
public final class TcpTransport implements Transport {
  /** BIRD marks its packets CS6, network control. */
  private static final int TOS = 0xc0;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);

  private final IoEventLoop loop;
  private final boolean epoll;
  private final Map<InetAddress, byte[]> passwords = new HashMap<>();
  private @Nullable Channel server;

  /** A transport whose every socket lives on {@code loop}. */
  public TcpTransport(IoEventLoop loop) {
    this.loop = loop;
    this.epoll = loop.isCompatible(EpollIoHandle.class);
  }

  /** Event loops of the best kind this machine has. */
  public static MultiThreadIoEventLoopGroup newGroup(int threads) {
    return new MultiThreadIoEventLoopGroup(
        threads, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  @Override
  public void listen(InetSocketAddress local, Acceptor acceptor) {
    ChannelFactory<ServerChannel> factory =
        epoll ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
    new ServerBootstrap()
        .group(loop, loop)
        .channelFactory(factory)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 1024)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.IP_TOS, TOS)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                var wire = new TcpWire(channel);
                var handler = acceptor.accepted(wire);
                if (handler.isPresent()) {
                  wire.handler(handler.get());
                  channel.pipeline().addLast(wire.inbound());
                } else {
                  channel.close();
                }
              }
            })
        .bind(local)
        .addListener(
            (io.netty.channel.ChannelFuture bound) -> {
              if (bound.isSuccess()) {
                server = bound.channel();
                applyPasswords();
                acceptor.listening((InetSocketAddress) bound.channel().localAddress());
              } else {
                acceptor.failed(TcpWire.reason(bound.cause()));
              }
            });
  }

  @Override
  public Wire dial(
      Optional<InetSocketAddress> local,
      InetSocketAddress remote,
      WireOptions options,
      WireHandler handler) {
    ChannelFactory<Channel> factory = epoll ? EpollSocketChannel::new : NioSocketChannel::new;
    var bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(factory)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.IP_TOS, TOS)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    if (epoll && options.password().isPresent()) {
      bootstrap.option(
          EpollChannelOption.TCP_MD5SIG,
          Map.of(remote.getAddress(), key(options.password().get())));
    }
    bootstrap.handler(
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {}
        });
    local.ifPresent(bootstrap::localAddress);
    var connecting = bootstrap.connect(remote);
    var wire = new TcpWire(connecting.channel());
    wire.remote(remote);
    wire.handler(handler);
    connecting.channel().pipeline().addLast(wire.inbound());
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            wire.apply(options);
            wire.connected();
          } else {
            wire.fail(TcpWire.reason(done.cause()));
          }
        });
    return wire;
  }

  private static byte[] key(String password) {
    return password.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void expect(PeerOptions peer) {
    var password = peer.options().password();
    if (password.isPresent()) {
      passwords.put(peer.address(), key(password.get()));
    } else {
      passwords.remove(peer.address());
    }
    applyPasswords();
  }

  private void applyPasswords() {
    if (server != null && epoll) {
      server.config().setOption(EpollChannelOption.TCP_MD5SIG, Map.copyOf(passwords));
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
