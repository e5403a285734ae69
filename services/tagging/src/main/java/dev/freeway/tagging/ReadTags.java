package dev.freeway.tagging;

import dev.freeway.platform.Call;
import dev.freeway.platform.Page;
import dev.freeway.platform.TaggedResource;
import dev.freeway.tagging.api.*;
import dev.freeway.wire.AwsException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds resources by their tags, and lists the tags in use.
final class ReadTags {
  private static final int PAGE = 50;

  private final Everything everything;

  ReadTags(Everything everything) {
    this.everything = everything;
  }

  GetResourcesOutput resources(Call call, GetResourcesInput in) {
    if (in.resourceARNList() != null
        && !in.resourceARNList().isEmpty()
        && (in.tagFilters() != null || in.resourceTypeFilters() != null)) {
      throw TaggingErrors.invalidParameterException(
          "ResourceARNList cannot be combined with other filters or pagination");
    }
    if (Boolean.TRUE.equals(in.includeComplianceDetails())
        || Boolean.TRUE.equals(in.excludeCompliantResources())) {
      throw TaggingErrors.invalidParameterException(
          "Freeway has no tag policies: there is no compliance to tell of");
    }
    ResourceFilter filter = ResourceFilter.of(in);
    List<TaggedResource> found = everything.tagged(call).stream().filter(filter::matches).toList();
    Page<TaggedResource> page =
        Page.of(
            found,
            TaggedResource::arn,
            in.paginationToken(),
            in.resourcesPerPage(),
            PAGE,
            badToken());
    return GetResourcesOutput.builder()
        .resourceTagMappingList(page.map(ReadTags::view))
        .paginationToken(token(page))
        .build();
  }

  private static ResourceTagMapping view(TaggedResource r) {
    return ResourceTagMapping.builder()
        .resourceARN(r.arn())
        .tags(
            r.tags().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> new Tag(e.getKey(), e.getValue()))
                .toList())
        .build();
  }

  // The end of the list is an empty token here, not none.
  private static String token(Page<?> page) {
    return page.nextToken() == null ? "" : page.nextToken();
  }

  private static AwsException badToken() {
    return TaggingErrors.paginationTokenExpiredException("The pagination token is not valid.");
  }

  GetTagKeysOutput keys(Call call, GetTagKeysInput in) {
    Page<String> page =
        page(
            everything.tagged(call).stream()
                .flatMap(r -> r.tags().keySet().stream())
                .distinct()
                .sorted()
                .toList(),
            in.paginationToken());
    return new GetTagKeysOutput(token(page), page.items());
  }

  GetTagValuesOutput values(Call call, GetTagValuesInput in) {
    Page<String> page =
        page(
            everything.tagged(call).stream()
                .filter(r -> r.tags().containsKey(in.key()))
                .map(r -> r.tags().get(in.key()))
                .distinct()
                .sorted()
                .toList(),
            in.paginationToken());
    return new GetTagValuesOutput(token(page), page.items());
  }

  private static Page<String> page(List<String> sorted, @Nullable String token) {
    return Page.of(sorted, s -> s, token, null, 1000, badToken());
  }
}
