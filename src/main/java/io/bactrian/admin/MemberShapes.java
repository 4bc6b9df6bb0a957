package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.config.MemberRecord;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members in JSON. */
final class MemberShapes {

    private MemberShapes() {}

    /** A member. */
    @Shape
    @Schema(name = "Member")
    record Member(
            @JsonProperty(required = true) @Schema(maxLength = 256, example = "ann@acme.example")
            String user,

            @JsonProperty(required = true)
            @Schema(allowableValues = {"owner", "admin", "editor", "normal", "dataset_operator"})
            String role) {

        static Member of(MemberRecord member) {
            return new Member(member.user().value(), member.role().text());
        }
    }

    /** The role that a member is to have. */
    @Shape
    @Schema(name = "RoleChange")
    record RoleChange(
            @JsonProperty(required = true)
            @Schema(allowableValues = {"owner", "admin", "editor", "normal", "dataset_operator"})
            String role) {}

    /** Some of the members. */
    @Shape
    @Schema(name = "MemberList")
    record MemberList(
            @JsonProperty(required = true) List<Member> data,

            @Schema(description = "Where the next page begins, if there is one.") @Nullable
            String next) {}
}
