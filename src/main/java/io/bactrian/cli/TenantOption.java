package io.bactrian.cli;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import picocli.CommandLine.Option;

/** The option that says whose configuration it is. */
final class TenantOption {

    @Option(
            names = {"-t", "--tenant"},
            paramLabel = "TENANT",
            defaultValue = "default",
            description = "The tenant; by default '${DEFAULT-VALUE}'.")
    TenantId tenant = TenantId.DEFAULT;

    /** The tenant, which has to exist. */
    TenantId in(Installation installation) {
        if (installation.configuration().tenant(tenant).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + tenant + "': ./bactrian tenant add " + tenant);
        }
        return tenant;
    }
}
