package dev.freeway.app.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Creates everything the sample needs, once; what is there already is left as it is.
final class Highway {
  static final String NAME = "cats-vs-dogs";
  static final List<String> SERVICES = List.of("web", "cats", "dogs");
  private static final String ELB = "2015-12-01";
  private static final String IAM = "2010-05-08";
  private static final String ROLE = "arn:aws:iam::" + Aws.ACCOUNT + ":role/" + NAME;
  private static final String BUCKET = NAME + "-artifacts";

  private final Aws aws;

  Highway(Aws aws) {
    this.aws = aws;
  }

  /// The address of the page.
  String create() {
    role();
    unless("BucketAlreadyOwnedByYou", () -> aws.createBucket(BUCKET));
    unless(
        "RepositoryNameExistsException",
        () ->
            aws.json(
                "codecommit",
                "CodeCommit_20150413.CreateRepository",
                Map.of("repositoryName", NAME)));
    Map<String, String> repositories = imageRepositories();
    unless(
        "never",
        () ->
            aws.json(
                "ecs",
                "AmazonEC2ContainerServiceV20141113.CreateCluster",
                Map.of("clusterName", NAME)));
    String address = loadBalancer();
    buildProject(repositories);
    return address;
  }

  private static void unless(String code, Runnable call) {
    try {
      call.run();
    } catch (Aws.Refused e) {
      if (!e.code.equals(code)) {
        throw e;
      }
    }
  }

  private void role() {
    String trust =
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":\
        ["codebuild.amazonaws.com","codepipeline.amazonaws.com","ecs-tasks.amazonaws.com"]}}]}""";
    unless(
        "EntityAlreadyExists",
        () ->
            aws.query(
                "iam",
                IAM,
                "CreateRole",
                Map.of("RoleName", NAME, "AssumeRolePolicyDocument", trust)));
    String policy =
        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";
    aws.query(
        "iam",
        IAM,
        "PutRolePolicy",
        Map.of("RoleName", NAME, "PolicyName", "all", "PolicyDocument", policy));
  }

  private Map<String, String> imageRepositories() {
    Map<String, String> uris = new LinkedHashMap<>();
    for (String service : SERVICES) {
      String name = NAME + "/" + service;
      unless(
          "RepositoryAlreadyExistsException",
          () ->
              aws.json(
                  "ecr",
                  "AmazonEC2ContainerRegistry_V20150921.CreateRepository",
                  Map.of("repositoryName", name)));
      var found =
          aws.json(
              "ecr",
              "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
              Map.of("repositoryNames", List.of(name)));
      uris.put(service, Aws.text(found.get("repositories").get(0), "repositoryUri"));
    }
    return uris;
  }

  private String loadBalancer() {
    String vpcs =
        aws.query(
            "ec2",
            "2016-11-15",
            "DescribeVpcs",
            Map.of("Filter.1.Name", "isDefault", "Filter.1.Value.1", "true"));
    String vpc = Aws.element(vpcs, "vpcId");
    List<String> subnets =
        Aws.elements(
            aws.query(
                "ec2",
                "2016-11-15",
                "DescribeSubnets",
                Map.of("Filter.1.Name", "vpc-id", "Filter.1.Value.1", vpc)),
            "subnetId");
    // Creating the same load balancer or target group again answers the one that is there.
    String made =
        aws.query(
            "elasticloadbalancing",
            ELB,
            "CreateLoadBalancer",
            Map.of(
                "Name",
                NAME,
                "Subnets.member.1",
                subnets.get(0),
                "Subnets.member.2",
                subnets.get(1)));
    String loadBalancer = Aws.element(made, "LoadBalancerArn");
    Map<String, String> groups = new LinkedHashMap<>();
    for (String service : SERVICES) {
      groups.put(service, targetGroup(service, vpc));
    }
    String listeners =
        aws.query(
            "elasticloadbalancing",
            ELB,
            "DescribeListeners",
            Map.of("LoadBalancerArn", loadBalancer));
    String listener = Aws.element(listeners, "ListenerArn");
    if (listener.isEmpty()) {
      listener = listener(loadBalancer, groups);
    }
    String described =
        aws.query(
            "elasticloadbalancing",
            ELB,
            "DescribeLoadBalancers",
            Map.of("LoadBalancerArns.member.1", loadBalancer));
    services(groups, subnets);
    return "http://" + Aws.element(described, "IpAddress");
  }

  private String targetGroup(String service, String vpc) {
    Map<String, String> p = new LinkedHashMap<>();
    p.put("Name", NAME + "-" + service);
    p.put("Protocol", "HTTP");
    p.put("Port", "8080");
    p.put("VpcId", vpc);
    p.put("TargetType", "ip");
    p.put("HealthCheckPath", service.equals("web") ? "/" : "/" + service);
    p.put("HealthCheckIntervalSeconds", "5");
    p.put("HealthCheckTimeoutSeconds", "2");
    p.put("HealthyThresholdCount", "2");
    String arn =
        Aws.element(
            aws.query("elasticloadbalancing", ELB, "CreateTargetGroup", p), "TargetGroupArn");
    aws.query(
        "elasticloadbalancing",
        ELB,
        "ModifyTargetGroupAttributes",
        Map.of(
            "TargetGroupArn",
            arn,
            "Attributes.member.1.Key",
            "deregistration_delay.timeout_seconds",
            "Attributes.member.1.Value",
            "5"));
    return arn;
  }

  private String listener(String loadBalancer, Map<String, String> groups) {
    Map<String, String> p = new LinkedHashMap<>();
    p.put("LoadBalancerArn", loadBalancer);
    p.put("Protocol", "HTTP");
    p.put("Port", "80");
    p.put("DefaultActions.member.1.Type", "forward");
    p.put("DefaultActions.member.1.TargetGroupArn", groups.get("web"));
    String listener =
        Aws.element(aws.query("elasticloadbalancing", ELB, "CreateListener", p), "ListenerArn");
    int priority = 1;
    for (String service : List.of("cats", "dogs")) {
      Map<String, String> r = new LinkedHashMap<>();
      r.put("ListenerArn", listener);
      r.put("Priority", Integer.toString(priority++));
      r.put("Conditions.member.1.Field", "path-pattern");
      r.put("Conditions.member.1.Values.member.1", "/" + service + "*");
      r.put("Actions.member.1.Type", "forward");
      r.put("Actions.member.1.TargetGroupArn", groups.get(service));
      aws.query("elasticloadbalancing", ELB, "CreateRule", r);
    }
    return listener;
  }

  // Nothing runs before the first push: the services start with no tasks and a definition that is
  // replaced.
  private void services(Map<String, String> groups, List<String> subnets) {
    for (String service : SERVICES) {
      var found =
          aws.json(
                  "ecs",
                  "AmazonEC2ContainerServiceV20141113.DescribeServices",
                  Map.of("cluster", NAME, "services", List.of(service)))
              .get("services");
      if (!found.isEmpty() && !Aws.text(found.get(0), "status").equals("INACTIVE")) {
        continue;
      }
      register(service);
      Map<String, Object> create = new LinkedHashMap<>();
      create.put("cluster", NAME);
      create.put("serviceName", service);
      create.put("taskDefinition", NAME + "-" + service);
      create.put("desiredCount", 0);
      create.put("launchType", "FARGATE");
      create.put(
          "networkConfiguration",
          Map.of("awsvpcConfiguration", Map.of("subnets", subnets.subList(0, 2))));
      create.put(
          "deploymentConfiguration",
          Map.of(
              "deploymentCircuitBreaker",
              Map.of("enable", true, "rollback", true),
              "minimumHealthyPercent",
              100,
              "maximumPercent",
              200));
      create.put(
          "loadBalancers",
          List.of(
              Map.of(
                  "targetGroupArn",
                  groups.get(service),
                  "containerName",
                  service,
                  "containerPort",
                  8080)));
      aws.json("ecs", "AmazonEC2ContainerServiceV20141113.CreateService", create);
    }
  }

  private void register(String service) {
    Map<String, Object> log =
        Map.of(
            "awslogs-group",
            "/ecs/" + NAME,
            "awslogs-region",
            Aws.REGION,
            "awslogs-stream-prefix",
            service,
            "awslogs-create-group",
            "true");
    Map<String, Object> container = new LinkedHashMap<>();
    container.put("name", service);
    container.put("image", "freeway/java:25");
    container.put("essential", true);
    container.put("portMappings", List.of(Map.of("containerPort", 8080)));
    container.put("logConfiguration", Map.of("logDriver", "awslogs", "options", log));
    Map<String, Object> definition = new LinkedHashMap<>();
    definition.put("family", NAME + "-" + service);
    definition.put("networkMode", "awsvpc");
    definition.put("requiresCompatibilities", List.of("FARGATE"));
    definition.put("cpu", "256");
    definition.put("memory", "512");
    definition.put("executionRoleArn", ROLE);
    definition.put("containerDefinitions", List.of(container));
    aws.json("ecs", "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition", definition);
  }

  /// From the first delivery on one task of each service runs.
  void scaleUp() {
    for (String service : SERVICES) {
      aws.json(
          "ecs",
          "AmazonEC2ContainerServiceV20141113.UpdateService",
          Map.of("cluster", NAME, "service", service, "desiredCount", 1));
    }
  }

  private void buildProject(Map<String, String> repositories) {
    List<Map<String, String>> variables = new ArrayList<>();
    repositories.forEach(
        (s, uri) ->
            variables.add(
                Map.of(
                    "name", s.toUpperCase(java.util.Locale.ROOT) + "_REPOSITORY", "value", uri)));
    Map<String, Object> project = new LinkedHashMap<>();
    project.put("name", NAME);
    project.put("source", Map.of("type", "CODEPIPELINE"));
    project.put("artifacts", Map.of("type", "CODEPIPELINE"));
    project.put(
        "environment",
        Map.of(
            "type",
            "LINUX_CONTAINER",
            "image",
            "aws/codebuild/standard:7.0",
            "computeType",
            "BUILD_GENERAL1_SMALL",
            "environmentVariables",
            variables));
    project.put("serviceRole", ROLE);
    unless(
        "ResourceAlreadyExistsException",
        () -> aws.json("codebuild", "CodeBuild_20161006.CreateProject", project));
    // One of an earlier run names the registry by the port it had then.
    aws.json("codebuild", "CodeBuild_20161006.UpdateProject", project);
  }

  /// A pipeline of three stages; made after the first push, so that its first execution finds a
  /// branch.
  void createPipeline() {
    List<Object> deploys = new ArrayList<>();
    for (String service : SERVICES) {
      Map<String, String> configuration =
          Map.of("ClusterName", NAME, "ServiceName", service, "FileName", service + ".json");
      deploys.add(action(service, "Deploy", "ECS", configuration, "Images", null));
    }
    Map<String, String> source = Map.of("RepositoryName", NAME, "BranchName", "main");
    Map<String, Object> pipeline = new LinkedHashMap<>();
    pipeline.put("name", NAME);
    pipeline.put("roleArn", ROLE);
    pipeline.put("pipelineType", "V2");
    pipeline.put("executionMode", "QUEUED");
    pipeline.put("artifactStore", Map.of("type", "S3", "location", BUCKET));
    pipeline.put(
        "stages",
        List.of(
            Map.of(
                "name",
                "Source",
                "actions",
                List.of(action("Source", "Source", "CodeCommit", source, null, "Code"))),
            Map.of(
                "name",
                "Build",
                "actions",
                List.of(
                    action(
                        "Build",
                        "Build",
                        "CodeBuild",
                        Map.of("ProjectName", NAME),
                        "Code",
                        "Images"))),
            Map.of("name", "Deploy", "actions", deploys)));
    unless(
        "PipelineNameInUseException",
        () ->
            aws.json(
                "codepipeline",
                "CodePipeline_20150709.CreatePipeline",
                Map.of("pipeline", pipeline)));
  }

  private static Map<String, Object> action(
      String name,
      String category,
      String provider,
      Map<String, String> configuration,
      @org.jspecify.annotations.Nullable String input,
      @org.jspecify.annotations.Nullable String output) {
    Map<String, Object> action = new LinkedHashMap<>();
    action.put("name", name);
    action.put(
        "actionTypeId",
        Map.of("category", category, "owner", "AWS", "provider", provider, "version", "1"));
    action.put("configuration", configuration);
    action.put("inputArtifacts", input == null ? List.of() : List.of(Map.of("name", input)));
    action.put("outputArtifacts", output == null ? List.of() : List.of(Map.of("name", output)));
    return action;
  }
}
