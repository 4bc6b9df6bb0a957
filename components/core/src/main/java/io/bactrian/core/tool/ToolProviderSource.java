package io.bactrian.core.tool;

import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.Optional;

/** Where the providers of one kind of tools come from. Thread-safe; asked at each call, so it answers from memory. */
public interface ToolProviderSource extends AutoCloseable {

    /** The kind. */
    ToolProviderType toolProviderType();

    /** A tenant's provider of that name. */
    Optional<ToolProviderController> provider(TenantId tenant, String name);

    /** All providers that a tenant may use, by name. */
    List<ToolProviderController> providers(TenantId tenant);

    /** Lets go of what it holds. By default nothing. */
    @Override
    default void close() {}
}
