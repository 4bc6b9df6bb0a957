package io.bactrian.admin;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;

/** Errors that the administration has of its own. */
final class Problems {

    private Problems() {}

    /** There is nothing there, or it is another tenant's: nobody is told which (CRED-15). */
    static BadRequestException notFound() {
        return new BadRequestException(ErrorCode.NOT_FOUND, "there is nothing at this path");
    }

    /** Something that was given is not what it has to be. */
    static BadRequestException invalid(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }

    /** What is there is not what the request was made for. */
    static BadRequestException changed() {
        return new BadRequestException(
                ErrorCode.PRECONDITION_FAILED,
                "what is there is not what the condition names: read it again, and make the change anew");
    }
}
