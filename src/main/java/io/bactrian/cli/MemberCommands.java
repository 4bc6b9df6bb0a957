package io.bactrian.cli;

import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian member}. */
@Command(
        name = "member",
        description = "Members of a tenant, and what they may do.",
        synopsisSubcommandLabel = "COMMAND")
final class MemberCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(name = "add", description = "Adds a member, or changes their role.")
    int add(
            @Parameters(paramLabel = "USER", description = "The user, as the installation names them.") UserId user,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "normal",
                            description =
                                    "owner, admin, editor, normal or dataset_operator; by default ${DEFAULT-VALUE}.")
                    Role role,
            @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            installation.store().putMember(tenant, new MemberRecord(user, role));
            return done(root, "member", user, "is " + role.text() + " of tenant '" + tenant + "'");
        });
    }

    @Command(name = "list", description = "Lists the members of a tenant.")
    int list(@Mixin TenantOption option) {
        return root.session.with(installation -> {
            Table table = new Table("user", "role");
            installation
                    .store()
                    .members(option.in(installation))
                    .forEach(member -> table.row(member.user(), member.role().text()));
            return table.print(root.session, root.json);
        });
    }

    @Command(name = "remove", description = "Removes a member from a tenant.")
    int remove(@Parameters(paramLabel = "USER", description = "The user.") UserId user, @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            if (!installation.store().removeMember(tenant, user)) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM, "'" + user + "' is not a member of tenant '" + tenant + "'");
            }
            return done(root, "member", user, "removed from tenant '" + tenant + "'");
        });
    }
}
