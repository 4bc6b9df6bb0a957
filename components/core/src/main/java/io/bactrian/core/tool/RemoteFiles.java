package io.bactrian.core.tool;

import io.bactrian.core.tenant.Deadline;

/** Fetches files from elsewhere, by way of the installation's egress. Thread-safe. */
public interface RemoteFiles {

    /**
     * Fetches a file.
     *
     * @param url where it is, {@code http} or {@code https}
     * @param mostBytes how large it may be
     * @return its bytes and what the other side says of them
     * @throws io.bactrian.core.error.InvokeException if it may not be fetched, is not there, or is larger
     */
    ToolInvokeMessage.Blob fetch(String url, long mostBytes, Deadline deadline);
}
