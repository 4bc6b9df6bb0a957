package io.bactrian.core.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The content of an upload, bounded by its ticket; nothing of it is given on before its beginning was looked at. */
final class UploadContent extends InputStream {

    private final InputStream content;
    private final String mimeType;
    private final long maxSize;
    private byte[] beginning = {};
    private int given;
    private boolean begun;
    private long size;

    /**
     * @param content what the client sends; not closed
     * @param mimeType what it is said to be
     * @param maxSize how many bytes there may be
     */
    UploadContent(InputStream content, String mimeType, long maxSize) {
        this.content = content;
        this.mimeType = mimeType;
        this.maxSize = maxSize;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (!begun) {
            begin();
        }
        if (given < beginning.length) {
            int some = Math.min(length, beginning.length - given);
            System.arraycopy(beginning, given, buffer, offset, some);
            given += some;
            return some;
        }
        int got = content.read(buffer, offset, length);
        count(Math.max(0, got));
        return got;
    }

    private void begin() throws IOException {
        byte[] first = content.readNBytes(FileBeginning.BYTES);
        count(first.length);
        boolean whole = first.length < FileBeginning.BYTES;
        if (MediaAgreement.contradicts(mimeType, new FileBeginning(first, whole))) {
            throw UploadGrant.unsupported("what was sent is no file of type " + mimeType + ", which its ticket is for");
        }
        beginning = first;
        begun = true;
    }

    private void count(int more) {
        size += more;
        if (size > maxSize) {
            throw UploadGrant.tooLarge(maxSize);
        }
    }
}
