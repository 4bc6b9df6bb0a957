package io.bactrian.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import java.io.IOException;

/** Errors for answers that are not what their protocol allows; they never quote the answer. */
final class Malformed {

    private Malformed() {}

    static ProtocolException answer(String what) {
        return new ProtocolException(ErrorCode.PROTOCOL_ERROR, "the provider's answer " + what);
    }

    /** Jackson's messages quote the text around the error, so only kind and place are kept. */
    static ProtocolException json(IOException error) {
        if (error instanceof StreamConstraintsException) {
            return answer("goes beyond the limits for JSON: " + JsonMappers.DEEPEST + " levels, "
                    + JsonMappers.LONGEST_TEXT + " characters a text, " + JsonMappers.LONGEST_NAME + " a name");
        }
        return answer("is not valid JSON" + place(error));
    }

    static String place(IOException error) {
        if (!(error instanceof JsonProcessingException json) || json.getLocation() == null) {
            return "";
        }
        return place(json.getLocation());
    }

    static String place(JsonLocation location) {
        return location.getLineNr() > 0
                ? " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")"
                : "";
    }
}
