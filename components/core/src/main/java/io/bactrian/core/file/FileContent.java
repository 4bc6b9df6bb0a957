package io.bactrian.core.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The content of a stored file, or a part of it, as it is being read. To be closed; for one thread at a time. */
public final class FileContent extends InputStream {

    private final StoredFile file;
    private final long from;
    private final long length;
    private final InputStream bytes;
    private long left;

    /**
     * @param file the file
     * @param from the place in the file that it begins at
     * @param length how many bytes there are from there on
     * @param bytes gives them; what comes after them is not read
     */
    public FileContent(StoredFile file, long from, long length, InputStream bytes) {
        this.file = file;
        this.from = from;
        this.length = length;
        this.bytes = bytes;
        this.left = length;
    }

    /** The file. */
    public StoredFile file() {
        return file;
    }

    /** The place in the file that it begins at. */
    public long from() {
        return from;
    }

    /** How many bytes there are in all. */
    public long length() {
        return length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, buffer.length);
        if (count == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        int got = bytes.read(buffer, offset, (int) Math.min(count, left));
        if (got < 0) {
            // an end that comes too early must not pass for the end
            throw new IOException("file " + file.id() + " is shorter than it was when it was stored");
        }
        left -= got;
        return got;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(left, bytes.available());
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
