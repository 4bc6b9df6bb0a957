package io.bactrian.testkit;

/** The bytes of an answer: a block, repeated any number of times without being held more than once. */
record ReplyBody(byte[] block, long times) {

    static final ReplyBody EMPTY = new ReplyBody(new byte[0], 1);

    ReplyBody {
        if (times < 0) {
            throw new IllegalArgumentException("times must not be negative: " + times);
        }
    }

    static ReplyBody of(byte[] bytes) {
        return new ReplyBody(bytes.clone(), 1);
    }

    long length() {
        return Math.multiplyExact(block.length, times);
    }

    byte[] slice(long from, int count) {
        byte[] slice = new byte[count];
        for (int i = 0; i < count; ) {
            int at = (int) ((from + i) % block.length);
            int run = Math.min(block.length - at, count - i);
            System.arraycopy(block, at, slice, i, run);
            i += run;
        }
        return slice;
    }
}
