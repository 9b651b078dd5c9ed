package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.cluster.TraceReport;
import dev.aviary.emulator.cluster.TraceRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes of both families, and services that are reached by either. */
class DualStackServicesTest {
  private static final String YAML =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: v4}
      spec: {cidr: 10.244.0.0/16, ipipMode: Never, vxlanMode: Never}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: v6}
      spec: {cidr: fd00:10:244::/48, ipipMode: Never, vxlanMode: Never}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: master}
      spec: {bgp: {ipv4Address: 192.168.43.152/24, ipv6Address: "fd00:43::152/64"}}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: node1}
      spec: {bgp: {ipv4Address: 192.168.43.153/24, ipv6Address: "fd00:43::153/64"}}
      ---
      apiVersion: aviary.dev/v1
      kind: Topology
      metadata: {name: lan}
      spec:
        nodes:
          - {name: master, interface: ens33, gateway: "fd00:43::1", iptables: 1.8.7}
          - {name: node1, interface: ens33, gateway: "fd00:43::1"}
        hosts:
          - name: client
            interfaces: [{address: "fd00:43::1/64"}]
            routes: [default via fd00:43::152]
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: pod1
        namespace: test
        labels: {app: pod1}
        annotations: {cni.projectcalico.org/ipAddrs: '["10.244.219.75", "fd00:10:244:1::75"]'}
      spec: {nodeName: master, containers: [{name: web, image: nginx}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: pod2
        namespace: test
        labels: {app: web}
        annotations: {cni.projectcalico.org/ipAddrs: '["10.244.166.159", "fd00:10:244:2::159"]'}
      spec:
        nodeName: node1
        containers:
          - name: web
            image: nginx
            ports:
              - {name: http, containerPort: 8080}
              - {name: diameter, containerPort: 3868, protocol: SCTP}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: test}
      spec:
        type: LoadBalancer
        selector: {app: web}
        ipFamilyPolicy: RequireDualStack
        ipFamilies: [IPv4, IPv6]
        clusterIP: 10.96.0.10
        clusterIPs: [10.96.0.10, "fd00:10:96::10"]
        externalIPs: ["fd00:80::80"]
        ports: [{name: http, port: 80, targetPort: http, nodePort: 30080}]
      status: {loadBalancer: {ingress: [{ip: "fd00:80::90"}]}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: four, namespace: test}
      spec:
        selector: {app: web}
        clusterIP: 10.96.0.4
        ports: [{port: 80, targetPort: 8080}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: diameter, namespace: test}
      spec:
        selector: {app: web}
        clusterIPs: ["fd00:10:96::38", 10.96.0.38]
        ports: [{port: 38, targetPort: diameter, protocol: SCTP}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: nobody, namespace: test}
      spec:
        selector: {app: nobody}
        clusterIP: "fd00:10:96::99"
        ports: [{port: 80}]
      """;

  private Cluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = Clusters.start(YAML, ClusterOptions.inVirtualTime());
    cluster.awaitConverged();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private TraceReport trace(String from, String to, int port) throws Exception {
    return trace(from, to, port, TraceRequest.Proto.tcp);
  }

  private TraceReport trace(String from, String to, int port, TraceRequest.Proto proto)
      throws Exception {
    return cluster
        .trace(new TraceRequest(from, to, Optional.of(port), proto, Optional.empty(), 64))
        .report()
        .orElseThrow();
  }

  private String connections(String node) {
    return cluster
        .exec(cluster.find(node).orElseThrow(), List.of("conntrack", "-L", "-f", "ipv6"))
        .stdout();
  }

  @Test
  void bothFamiliesTablesHaveTheServicesThatAreOfThem() {
    assertThat(Clusters.exec(cluster, "master", "ip6tables-save"))
        .contains(
            "-A KUBE-SERVICES -d fd00:10:96::10/128 -p tcp -m comment --comment"
                + " \"test/web:http cluster IP\" -m tcp --dport 80 -j KUBE-SVC-")
        .contains("-A KUBE-SERVICES -d fd00:80::80/128 -p tcp")
        .contains("-A KUBE-SERVICES -d fd00:80::90/128 -p tcp")
        .contains("-A KUBE-NODEPORTS -p tcp -m comment --comment \"test/web:http\"")
        .contains("-j DNAT --to-destination [fd00:10:244:2::159]:8080")
        .contains(
            "-A KUBE-SERVICES -d fd00:10:96::99/128 -p tcp -m comment --comment"
                + " \"test/nobody has no endpoints\" -m tcp --dport 80"
                + " -j REJECT --reject-with icmp6-port-unreachable")
        .contains(":KUBE-KUBELET-CANARY")
        .doesNotContain("10.96.0", "127.0.0.0/8", "test/four");
    assertThat(Clusters.exec(cluster, "master", "iptables-save"))
        .contains("-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp")
        .contains("-A KUBE-SERVICES -d 10.96.0.4/32 -p tcp")
        .contains("-j DNAT --to-destination 10.244.166.159:8080")
        .doesNotContain("fd00:", "test/nobody");
  }

  @Test
  void aNodesIptablesMayBeOfAnotherRelease() {
    var listed = "ctstate NEW /* kubernetes service portals */";
    assertThat(Clusters.exec(cluster, "master", "ip6tables -L OUTPUT -n"))
        .contains("KUBE-SERVICES  all      ::/0                 ::/0                 " + listed);
    assertThat(Clusters.exec(cluster, "node1", "ip6tables -L OUTPUT -n"))
        .contains("KUBE-SERVICES  0    --  ::/0                 ::/0                 " + listed);
    assertThat(Clusters.exec(cluster, "master", "iptables-save")).contains("iptables-save v1.8.7");
  }

  @Test
  void aPodReachesAServiceByItsSixthVersionOnAnotherNode() throws Exception {
    var report = trace("pod1", "fd00:10:96::10", 80);
    assertThat(report.delivered()).as(report.text()).isTrue();
    assertThat(report.text()).contains("fd00:10:244:2::159");
    assertThat(connections("master"))
        .contains(
            "src=fd00:10:244:1::75 dst=fd00:10:96::10 ",
            "src=fd00:10:244:2::159 dst=fd00:10:244:1::75 sport=8080 ");
  }

  @Test
  void aServiceMaySpeakSctp() throws Exception {
    var report = trace("pod1", "fd00:10:96::38", 38, TraceRequest.Proto.sctp);
    assertThat(report.delivered()).as(report.text()).isTrue();
    assertThat(connections("master"))
        .containsPattern(
            "sctp     132 2\\d\\d ESTABLISHED src=fd00:10:244:1::75 dst=fd00:10:96::38 ");
    assertThat(Clusters.exec(cluster, "master", "iptables-save -t nat"))
        .contains("-d 10.96.0.38/32 -p sctp -m comment --comment")
        .contains("-p sctp -m comment --comment \"test/diameter\" -m sctp -j DNAT");
  }

  @Test
  void fromOutsideTheServiceIsAtEachOfItsAddresses() throws Exception {
    for (var address : new String[] {"fd00:43::152", "fd00:43::153"}) {
      var report = trace("client", address, 30080);
      assertThat(report.delivered()).as(report.text()).isTrue();
    }
    for (var address : new String[] {"fd00:80::80", "fd00:80::90"}) {
      var report = trace("client", address, 80);
      assertThat(report.delivered()).as(report.text()).isTrue();
    }
    assertThat(connections("master"))
        .contains("src=fd00:43::1 dst=fd00:80::80 ")
        .contains("src=fd00:10:244:2::159 dst=fd00:43::152 ");
  }

  @Test
  void aServiceWithoutEndpointsRefuses() throws Exception {
    var report = trace("pod1", "fd00:10:96::99", 80);
    assertThat(report.delivered()).isFalse();
    assertThat(report.text()).contains("ECONNREFUSED");
  }
}
