import dev.freeway.ingress.Action;
import dev.freeway.ingress.HealthCheck;
import dev.freeway.ingress.Ingress;
import dev.freeway.ingress.IngressObserver;
import dev.freeway.ingress.Listener;
import dev.freeway.ingress.LoadBalancerAttributes;
import dev.freeway.ingress.LoadBalancerConfig;
import dev.freeway.ingress.Target;
import dev.freeway.ingress.TargetGroupConfig;
import dev.freeway.ingress.Timers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// A load balancer on one port before one target: `java -cp ingress/target/classes ProxyBench.java PORT TARGET_PORT`.
void main(String[] args) throws Exception {
  InetAddress local = InetAddress.getByName("127.0.0.1");
  Ingress ingress = new Ingress(Timers.system(), IngressObserver.NONE);
  ingress.applyTargets(
      TargetGroupConfig.of(
          "tg",
          HealthCheck.http("/"),
          List.of(Target.at(new InetSocketAddress(local, Integer.parseInt(args[1]))))));
  ingress.apply(
      new LoadBalancerConfig(
          "lb",
          "bench",
          "bench",
          local,
          List.of(
              new Listener(
                  "listener",
                  Integer.parseInt(args[0]),
                  Listener.Protocol.HTTP,
                  List.of(),
                  Action.Forward.to("tg"))),
          LoadBalancerAttributes.DEFAULT));
  System.out.println("ready");
  Thread.currentThread().join();
}
