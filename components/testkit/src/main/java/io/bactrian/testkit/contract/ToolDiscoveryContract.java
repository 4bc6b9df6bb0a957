package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolAliases;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How tools are found, listed and declared. */
interface ToolDiscoveryContract extends ToolFixture {

    private List<Tool> listed(TenantId tenant) {
        ToolProviderType type = address(ContractTools.ECHO).type();
        return engine().toolManager().tools(tenant).stream()
                .filter(tool -> tool.toolProviderType() == type)
                .toList();
    }

    @Test
    default void findsEachToolByItsAddress() {
        for (String name : ContractTools.names()) {
            Tool found = tool(name);

            assertThat(found.address()).isEqualTo(address(name));
            assertThat(found.entity().name()).isEqualTo(name);
            assertThat(found.runtime()).isEmpty();
            assertThat(engine().toolManager().named(ACME, address(name).toString()))
                    .isEqualTo(address(name));
        }
    }

    @Test
    default void findsTheOneToolOfAName() {
        assertThat(engine().toolManager().named(ACME, ContractTools.ECHO)).isEqualTo(address(ContractTools.ECHO));
    }

    @Test
    @DisplayName(
            "a tool of one tenant is another's neither to find nor to see nor to call; without tenants, it is everybody's")
    default void givesATenantItsOwnToolsOnly() {
        ToolAddress own = address(ContractTools.OWN);
        JsonObject arguments = JsonObject.of("text", "a");
        assertThat(call(ContractTools.OWN, arguments).object()).isEqualTo(arguments);

        if (can(ToolCapability.PER_TENANT)) {
            assertThat(engine().toolManager().find(GLOBEX, own)).isEmpty();
            assertThat(listed(GLOBEX)).extracting(Tool::address).doesNotContain(own);
            assertMissing(() -> engine().toolManager().get(GLOBEX, own), ContractTools.OWN);
            assertMissing(
                    () -> call(ToolFixture.claim(GLOBEX, BOB, LONG), ContractTools.OWN, arguments), ContractTools.OWN);
            assertThat(play().calls()).hasSize(1);
        } else {
            assertThat(engine().toolManager().get(GLOBEX, own).entity())
                    .isEqualTo(tool(ContractTools.OWN).entity());
            assertThat(call(ToolFixture.claim(GLOBEX, BOB, LONG), ContractTools.OWN, arguments)
                            .object())
                    .isEqualTo(arguments);
        }
    }

    private static InvokeException assertMissing(ThrowingCallable action, String named) {
        InvokeException error = catchThrowableOfType(InvokeException.class, action);
        assertThat(error).as("a refusal").isNotNull();
        assertThat(error.code()).isIn(ErrorCode.TOOL_NOT_FOUND, ErrorCode.PROVIDER_NOT_FOUND);
        assertThat(error).hasMessageContaining("'" + named + "'");
        return error;
    }

    @Test
    default void namesTheToolsThereAreToWhoeverAsksForAnother() {
        InvokeException error =
                refused(ErrorCode.TOOL_NOT_FOUND, () -> engine().toolManager().get(ACME, address("nothing")));

        assertThat(error)
                .hasMessageContaining("'nothing'")
                .hasMessageContaining(String.join(", ", ContractTools.names()));
    }

    @Test
    default void namesTheProvidersThereAreToWhoeverAsksForAnother() {
        ToolAddress known = address(ContractTools.ECHO);
        ToolAddress unknown = new ToolAddress(known.type(), "nobody", known.tool());

        assertThat(assertMissing(() -> engine().toolManager().get(ACME, unknown), "nobody"))
                .hasMessageContaining(known.provider());
    }

    @Test
    default void listsToolsSortedByAddressAndProvidersByName() {
        assertThat(listed(ACME))
                .extracting(Tool::address)
                .isSorted()
                .doesNotHaveDuplicates()
                .containsAll(ContractTools.names().stream().map(this::address).toList());
        assertThat(engine().toolManager().providers(ACME))
                .filteredOn(provider -> provider.toolProviderType()
                        == address(ContractTools.ECHO).type())
                .extracting(provider -> provider.entity().name())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    default void saysWhatEachToolAndProviderIsFor() {
        for (Tool tool : listed(ACME)) {
            ToolEntity entity = tool.entity();
            assertThat(entity.identity().label().english())
                    .as("label of %s", tool)
                    .isNotBlank();
            assertThat(entity.description().human().english())
                    .as("description of %s", tool)
                    .isNotBlank();
            assertThat(entity.description().llm()).as("description of %s", tool).isNotBlank();
        }
        for (String name : ContractTools.names()) {
            ToolProviderController provider = engine().toolManager()
                    .provider(ACME, address(name).type(), address(name).provider())
                    .orElseThrow();
            assertThat(provider.entity().label().english()).isNotBlank();
            assertThat(provider.entity().description().english()).isNotBlank();
            assertThat(provider.tool(name)).isPresent();
        }
    }

    @Test
    default void givesEachToolANameThatModelsTake() {
        ToolAliases aliases =
                ToolAliases.of(listed(ACME).stream().map(Tool::address).toList());

        for (Tool tool : listed(ACME)) {
            Optional<String> alias = aliases.aliasOf(tool.address());
            assertThat(alias).get().asString().matches("[a-zA-Z_][a-zA-Z0-9_-]{0,63}");
            assertThat(aliases.find(alias.orElseThrow())).contains(tool.address());
        }
    }

    @Test
    @DisplayName("the schema of every tool is one, of an object, and shows a model no parameter that is not its own")
    default void showsModelsAValidSchema() {
        for (Tool tool : listed(ACME)) {
            JsonObject schema = tool.functionSchema();

            assertThat(engine().json().schema(schema)).isNotNull();
            assertThat(schema.findText("type")).as("schema of %s", tool).contains("object");
            Set<String> shown = properties(schema).names();
            assertThat(shown)
                    .containsExactlyElementsOf(tool.entity().llmParameters().stream()
                            .map(ToolParameter::name)
                            .toList());
            assertThat(shown).containsAll(required(schema));
        }
    }

    private static JsonObject properties(JsonObject schema) {
        return (JsonObject) schema.find("properties").orElseThrow();
    }

    private static List<String> required(JsonObject schema) {
        return schema.find("required").stream()
                .flatMap(list -> ((JsonArray) list).elements().stream())
                .map(name -> ((JsonString) name).value())
                .toList();
    }

    @Test
    default void declaresWhatTheContractAsksFor() {
        for (String name : ContractTools.names()) {
            ToolEntity wanted = ContractTools.entity(ContractTools.PROVIDER, name);
            ToolEntity declared = tool(name).entity();

            assertThat(declared.approval())
                    .isEqualTo(can(ToolCapability.APPROVAL) ? wanted.approval() : ToolApproval.AUTO);
            assertThat(namesOf(declared, ToolParameterForm.LLM)).isEqualTo(namesOf(wanted, ToolParameterForm.LLM));
            assertThat(namesOf(declared, ToolParameterForm.FORM))
                    .isEqualTo(
                            can(ToolCapability.FORM_PARAMETERS) ? namesOf(wanted, ToolParameterForm.FORM) : Set.of());
            assertThat(declared.parameters()).allSatisfy(parameter -> assertThat(parameter.llmDescription())
                    .as("description of %s", parameter.name())
                    .isNotBlank());
        }
    }

    private static Set<String> namesOf(ToolEntity entity, ToolParameterForm form) {
        return entity.parameters().stream()
                .filter(parameter -> parameter.form() == form)
                .map(ToolParameter::name)
                .collect(Collectors.toSet());
    }

    @Test
    default void showsModelsTypesChoicesBoundsAndDefaults() {
        JsonObject schema = tool(ContractTools.ECHO).functionSchema();

        assertThat(required(schema)).containsExactly("text");
        assertSays(schema, "text", "type", "string");
        assertSays(schema, "count", "type", "integer");
        assertSays(schema, "count", "minimum", 1);
        assertSays(schema, "count", "maximum", 10);
        assertSays(schema, "count", "default", 3);
        assertSays(schema, "color", "type", "string");
        assertSays(schema, "color", "enum", List.of("red", "green"));
        assertSays(schema, "exact", "type", "boolean");
        assertSays(schema, "details", "type", "object");
        assertSays(schema, "words", "type", "array");
        assertSays(schema, "words", "items", JsonObject.of("type", "string"));
    }

    private static void assertSays(JsonObject schema, String parameter, String word, Object value) {
        JsonObject property = (JsonObject) properties(schema).find(parameter).orElseThrow();
        assertThat(property.find(word)).as("%s of %s", word, parameter).contains(JsonValue.of(value));
    }

    @Test
    default void leavesParametersThatAreSetOutOfTheSchema() {
        JsonObject schema = tool(ContractTools.ECHO).functionSchema(Set.of("text", "color"));

        assertThat(properties(schema).names()).containsExactlyInAnyOrder("count", "exact", "details", "words");
        assertThat(required(schema)).isEmpty();
    }
}
