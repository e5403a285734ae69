package dev.freeway.lambda;

import dev.freeway.lambda.api.DeleteLayerVersionRequest;
import dev.freeway.lambda.api.GetLayerVersionByArnRequest;
import dev.freeway.lambda.api.GetLayerVersionRequest;
import dev.freeway.lambda.api.GetLayerVersionResponse;
import dev.freeway.lambda.api.LambdaErrors;
import dev.freeway.lambda.api.Layer;
import dev.freeway.lambda.api.LayerVersionContentInput;
import dev.freeway.lambda.api.LayerVersionContentOutput;
import dev.freeway.lambda.api.LayerVersionsListItem;
import dev.freeway.lambda.api.LayersListItem;
import dev.freeway.lambda.api.ListLayerVersionsRequest;
import dev.freeway.lambda.api.ListLayerVersionsResponse;
import dev.freeway.lambda.api.ListLayersRequest;
import dev.freeway.lambda.api.ListLayersResponse;
import dev.freeway.lambda.api.PublishLayerVersionRequest;
import dev.freeway.lambda.api.PublishLayerVersionResponse;
import dev.freeway.platform.Arn;
import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.Platform;
import dev.freeway.platform.Scope;
import dev.freeway.store.Key;
import dev.freeway.store.ReadTx;
import dev.freeway.store.Row;
import dev.freeway.store.Table;
import dev.freeway.wire.AwsException;
import dev.freeway.wire.Structure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Layers: zip files that functions share. Each version never changes.
record Layers(Platform platform, CodeStore store) {
  static final Table<StoredLayer> TABLE = new Table<>("lambda_layers", StoredLayer.class);
  private static final int MOST = 5;
  private static final int PAGE = 50;

  /// @param shown as the configuration tells them
  record Chosen(@Nullable List<Layer> shown, List<String> hashes) {}

  Chosen choose(Call call, @Nullable List<String> arns) {
    if (arns == null || arns.isEmpty()) {
      return new Chosen(null, List.of());
    }
    if (arns.size() > MOST) {
      throw FunctionChecks.invalid("You cannot reference more than 5 layers.");
    }
    List<Layer> shown = new ArrayList<>();
    List<String> hashes = new ArrayList<>();
    for (String arn : arns) {
      StoredLayer layer =
          platform
              .store()
              .read(tx -> byArn(tx, arn))
              .orElseThrow(
                  () -> FunctionChecks.invalid("Layer version " + arn + " does not exist."));
      shown.add(Layer.builder().arn(layer.arn()).codeSize(layer.bytes()).build());
      hashes.add(layer.hash());
    }
    return new Chosen(shown, hashes);
  }

  private static Optional<StoredLayer> byArn(ReadTx tx, String text) {
    Arn arn = Arn.parse(text).orElseThrow(() -> FunctionChecks.invalid("Invalid layer: " + text));
    String[] parts = arn.resource().split(":");
    if (parts.length != 3 || !parts[0].equals("layer") || !parts[2].matches("\\d{1,9}")) {
      throw FunctionChecks.invalid("Invalid layer version arn: " + text);
    }
    Scope scope = new Scope(arn.account(), arn.region());
    return tx.get(TABLE, key(scope, parts[1], Integer.parseInt(parts[2])));
  }

  static String key(Scope scope, String name, int version) {
    return scope.key(name, Key.number(version));
  }

  /// A name, or the layer's ARN.
  static String name(String text) {
    return text.startsWith("arn:") ? text.split(":", 8)[6] : text;
  }

  PublishLayerVersionResponse publish(Call call, PublishLayerVersionRequest in) {
    LayerVersionContentInput content = in.content();
    CodeStore.Code code;
    if (content.zipFile() != null) {
      code = store.inline(content.zipFile());
    } else if (content.s3Bucket() != null && content.s3Key() != null) {
      code = store.fromS3(call, content.s3Bucket(), content.s3Key(), content.s3ObjectVersion());
    } else {
      throw FunctionChecks.invalid("Please provide a source for layer content.");
    }
    String name = name(in.layerName());
    StoredLayer layer =
        platform
            .store()
            .write(
                tx -> {
                  int number = (int) tx.next("lambda_layer_" + sequence(call.scope(), name));
                  StoredLayer made =
                      new StoredLayer(
                          call.account(),
                          call.region(),
                          name,
                          number,
                          code.hash(),
                          code.bytes(),
                          code.base64(),
                          Configurations.modified(call.at()),
                          in.description() == null ? "" : in.description(),
                          in.licenseInfo(),
                          in.compatibleRuntimes(),
                          in.compatibleArchitectures(),
                          Map.of());
                  tx.put(TABLE, key(call.scope(), name, number), made);
                  return made;
                });
    return PublishLayerVersionResponse.builder()
        .content(content(call, layer))
        .layerArn(layer.layerArn())
        .layerVersionArn(layer.arn())
        .description(layer.description())
        .createdDate(layer.created())
        .version((long) layer.version())
        .compatibleRuntimes(layer.runtimes())
        .licenseInfo(layer.license())
        .compatibleArchitectures(layer.architectures())
        .build();
  }

  private static String sequence(Scope scope, String name) {
    return CodeStore.sha256(scope.key(name)).substring(0, 32);
  }

  private static LayerVersionContentOutput content(Call call, StoredLayer l) {
    return LayerVersionContentOutput.builder()
        .location(call.endpoint() + CodeRoute.PREFIX + l.hash())
        .codeSha256(l.sha256())
        .codeSize(l.bytes())
        .build();
  }

  GetLayerVersionResponse get(Call call, GetLayerVersionRequest in) {
    return shown(call, find(call, in.layerName(), in.versionNumber()));
  }

  GetLayerVersionResponse getByArn(Call call, GetLayerVersionByArnRequest in) {
    return shown(call, platform.store().read(tx -> byArn(tx, in.arn())).orElseThrow(() -> gone()));
  }

  StoredLayer find(Call call, String layer, @Nullable Long version) {
    Scope scope = call.scope();
    if (layer.startsWith("arn:")) {
      Arn arn = Arn.parse(layer).orElseThrow(Layers::gone);
      scope = new Scope(arn.account(), arn.region());
    }
    Scope in = scope;
    return platform
        .store()
        .read(tx -> tx.get(TABLE, key(in, name(layer), version == null ? 0 : version.intValue())))
        .orElseThrow(Layers::gone);
  }

  private static AwsException gone() {
    return LambdaErrors.resourceNotFoundException("The resource you requested does not exist.")
        .with("Type", "User");
  }

  private static GetLayerVersionResponse shown(Call call, StoredLayer l) {
    return GetLayerVersionResponse.builder()
        .content(content(call, l))
        .layerArn(l.layerArn())
        .layerVersionArn(l.arn())
        .description(l.description())
        .createdDate(l.created())
        .version((long) l.version())
        .compatibleRuntimes(l.runtimes())
        .licenseInfo(l.license())
        .compatibleArchitectures(l.architectures())
        .build();
  }

  ListLayersResponse list(Call call, ListLayersRequest in) {
    Map<String, StoredLayer> last = new LinkedHashMap<>();
    all(call.scope(), in.compatibleRuntime()).forEach(l -> last.put(l.name(), l));
    Page<StoredLayer> page =
        Page.of(
            List.copyOf(last.values()),
            StoredLayer::name,
            in.marker(),
            in.maxItems(),
            PAGE,
            ReadFunctions.badMarker());
    return new ListLayersResponse(
        page.nextToken(), page.map(l -> new LayersListItem(l.name(), l.layerArn(), item(l))));
  }

  ListLayerVersionsResponse versions(Call call, ListLayerVersionsRequest in) {
    List<StoredLayer> newest =
        all(call.scope(), in.compatibleRuntime()).reversed().stream()
            .filter(l -> l.name().equals(name(in.layerName())))
            .toList();
    Page<StoredLayer> page =
        Page.of(
            newest,
            l -> Key.number(Integer.MAX_VALUE - l.version()),
            in.marker(),
            in.maxItems(),
            PAGE,
            ReadFunctions.badMarker());
    return new ListLayerVersionsResponse(page.nextToken(), page.map(Layers::item));
  }

  private List<StoredLayer> all(Scope scope, @Nullable String runtime) {
    return platform
        .store()
        .read(tx -> tx.scan(TABLE, Key.prefix(scope.account(), scope.region())))
        .stream()
        .map(Row::value)
        .filter(l -> runtime == null || l.runtimes() != null && l.runtimes().contains(runtime))
        .toList();
  }

  private static LayerVersionsListItem item(StoredLayer l) {
    return LayerVersionsListItem.builder()
        .layerVersionArn(l.arn())
        .version((long) l.version())
        .description(l.description())
        .createdDate(l.created())
        .compatibleRuntimes(l.runtimes())
        .licenseInfo(l.license())
        .compatibleArchitectures(l.architectures())
        .build();
  }

  /// All zip files of layers there are.
  List<String> hashes(ReadTx tx) {
    return tx.scan(TABLE, "").stream().map(r -> r.value().hash()).toList();
  }

  void save(dev.freeway.store.Tx tx, StoredLayer l) {
    tx.put(TABLE, key(new Scope(l.account(), l.region()), l.name(), l.version()), l);
  }

  Structure.Empty delete(Call call, DeleteLayerVersionRequest in) {
    platform
        .store()
        .update(
            tx ->
                tx.delete(
                    TABLE, key(call.scope(), name(in.layerName()), in.versionNumber().intValue())));
    return new Structure.Empty();
  }
}
