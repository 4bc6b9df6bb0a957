package io.bactrian.cli;

import io.bactrian.core.access.Permission;
import io.bactrian.core.manage.MemberManager;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.engine.Installation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

    @Command(
            name = "add",
            description = {
                "Adds a member, or changes their role.",
                "Whoever is made the owner takes the place of the owner before, who is an admin then."
            })
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
            put(installation, tenant, user, role);
            return done(root, "member", user, "is " + role.text() + " of tenant '" + tenant + "'");
        });
    }

    private static void put(Installation installation, TenantId tenant, UserId user, Role role) {
        MemberManager members = installation.memberManager();
        if (installation.store().role(tenant, user).isPresent()) {
            members.changeRole(Session.OPERATOR, tenant, user, role);
        } else {
            members.add(Session.OPERATOR, tenant, user, role);
        }
    }

    @Command(name = "list", description = "Lists the members of a tenant.")
    int list(@Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            Table table = new Table("user", "role");
            Pages.all(page -> installation.memberManager().list(Session.OPERATOR, tenant, page))
                    .forEach(member -> table.row(member.user(), member.role().text()));
            return table.print(root.session, root.json);
        });
    }

    @Command(name = "remove", description = "Removes a member from a tenant.")
    int remove(@Parameters(paramLabel = "USER", description = "The user.") UserId user, @Mixin TenantOption option) {
        return root.session.with(installation -> {
            TenantId tenant = option.in(installation);
            installation.memberManager().remove(Session.OPERATOR, tenant, user);
            return done(root, "member", user, "removed from tenant '" + tenant + "'");
        });
    }

    @Command(
            name = "roles",
            description = "Shows what each role may do. The operator may do all of it, in every tenant.")
    int roles() {
        List<String> roles = Arrays.stream(Role.values()).map(Role::text).toList();
        if (root.json) {
            Map<String, List<String>> shown = new LinkedHashMap<>();
            for (Permission permission : Permission.values()) {
                shown.put(
                        permission.text(),
                        Arrays.stream(Role.values())
                                .filter(permission::heldBy)
                                .map(Role::text)
                                .toList());
            }
            root.session.printJson(shown);
            return CommandLineTool.DONE;
        }
        Table table =
                new Table(Stream.concat(Stream.of("permission"), roles.stream()).toArray(String[]::new));
        for (Permission permission : Permission.values()) {
            table.row(Stream.concat(
                            Stream.of(permission.text()),
                            Arrays.stream(Role.values()).map(role -> permission.heldBy(role) ? "yes" : "-"))
                    .toArray());
        }
        return table.print(root.session, false);
    }
}
