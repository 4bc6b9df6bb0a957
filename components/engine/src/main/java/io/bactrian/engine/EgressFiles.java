package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tool.RemoteFiles;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.egress.EgressClient;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.EgressRequest;
import io.bactrian.egress.EgressResponse;
import io.bactrian.egress.EgressTarget;

/** Fetches files by the one guarded client. */
final class EgressFiles implements RemoteFiles {

    private final EgressClient client;

    EgressFiles(EgressClient client) {
        this.client = client;
    }

    @Override
    public ToolInvokeMessage.Blob fetch(String url, long mostBytes, Deadline deadline) {
        EgressRequest request = EgressRequest.get(EgressTarget.parse(url), deadline)
                .limits(EgressLimits.DEFAULT.withMaxResponseBytes(mostBytes))
                .build();
        try (EgressResponse response = client.send(request)) {
            if (response.status() != 200) {
                throw new ProtocolException(
                        ErrorCode.PROTOCOL_ERROR, "its server answered with status " + response.status());
            }
            String type = response.header("content-type").orElse(null);
            return new ToolInvokeMessage.Blob(response.readAll(), new ToolInvokeMessage.Meta(type, null));
        }
    }
}
