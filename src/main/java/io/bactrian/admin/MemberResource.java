package io.bactrian.admin;

import io.bactrian.admin.MemberShapes.Member;
import io.bactrian.admin.MemberShapes.MemberList;
import io.bactrian.admin.MemberShapes.RoleChange;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.MemberManager;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.UserId;
import java.util.List;
import java.util.Optional;

/** Members over HTTP. */
final class MemberResource {

    private static final String ALL = TenantResource.ONE + "/members";
    private static final String ONE = ALL + "/{user}";

    private final MemberManager manager;

    MemberResource(MemberManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listMembers",
                                ALL,
                                "Lists the members of a tenant.",
                                Permission.MEMBER_VIEW,
                                MemberList.class,
                                this::list)
                        .paged(),
                Operation.create(
                        "addMember",
                        ALL,
                        "Adds a member, with no role above one's own.",
                        Permission.MEMBER_ADD,
                        Member.class,
                        Member.class,
                        this::add),
                Operation.read(
                        "getMember", ONE, "Shows a member.", Permission.MEMBER_VIEW, Member.class, this::current),
                Operation.change(
                        Operation.Method.PATCH,
                        "changeRole",
                        ONE,
                        "Gives another member another role; whoever makes one the owner becomes an admin.",
                        Permission.MEMBER_MANAGE,
                        RoleChange.class,
                        Member.class,
                        this::current,
                        this::changeRole),
                Operation.remove(
                        "removeMember",
                        ONE,
                        "Removes another member.",
                        Permission.MEMBER_MANAGE,
                        this::current,
                        this::remove));
    }

    private static UserId user(AdminRequest request) {
        return Inputs.variable(request, "user", UserId::new);
    }

    private Reply list(AdminRequest request) {
        PageOf<MemberRecord> page = manager.list(request.actor(), request.tenant(), request.page());
        return Reply.of(
                new MemberList(page.items().stream().map(Member::of).toList(), AdminRequest.cursor(page.next())));
    }

    private Optional<Member> current(AdminRequest request) {
        try {
            return Optional.of(Member.of(manager.get(request.actor(), request.tenant(), user(request))));
        } catch (BadRequestException e) {
            if (e.code() == ErrorCode.INVALID_PARAM) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Reply add(AdminRequest request) {
        Member given = request.body(Member.class);
        UserId user = Inputs.field("user", given.user(), UserId::new);
        Role role = Inputs.field("role", given.role(), Inputs::role);
        MemberRecord added = manager.add(request.actor(), request.tenant(), user, role);
        return Reply.created(Paths.of(ALL, request.tenant(), added.user().value()), Member.of(added));
    }

    private Reply changeRole(AdminRequest request) {
        Role role = Inputs.field("role", request.body(RoleChange.class).role(), Inputs::role);
        return Reply.of(Member.of(manager.changeRole(request.actor(), request.tenant(), user(request), role)));
    }

    private Reply remove(AdminRequest request) {
        manager.remove(request.actor(), request.tenant(), user(request));
        return Reply.done();
    }
}
