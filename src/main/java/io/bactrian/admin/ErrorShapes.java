package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;

/** Errors as they are answered everywhere; here for the description alone. */
final class ErrorShapes {

    private ErrorShapes() {}

    /** An error. */
    @Shape
    @Schema(name = "Error")
    record ErrorBody(@JsonProperty(required = true) ErrorDetail error) {}

    /** What is wrong. */
    @Shape
    @Schema(name = "ErrorDetail")
    record ErrorDetail(
            @JsonProperty(required = true) @Schema(description = "The stable code.", example = "access_denied")
            String code,

            @JsonProperty(required = true) @Schema(description = "What is wrong and what to do.")
            String message,

            @JsonProperty(required = true) @Schema(description = "The kind of error, as OpenAI's clients know it.")
            String type,

            @Schema(description = "Under which the log knows the request.")
            String requestId) {}
}
