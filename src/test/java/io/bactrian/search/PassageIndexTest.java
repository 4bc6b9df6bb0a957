package io.bactrian.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassageIndexTest {

    private static final List<Passage> PASSAGES = IntStream.range(0, 40)
            .mapToObj(i -> new Passage("doc.md", "h", "text " + i))
            .toList();

    /** Points on a circle, of different lengths, which must not matter. */
    private static List<float[]> circle(List<String> texts) {
        return texts.stream()
                .map(text -> Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1)))
                .map(i -> new float[] {(float) ((i + 1) * Math.cos(i / 10.0)), (float) ((i + 1) * Math.sin(i / 10.0))})
                .toList();
    }

    @Test
    void ranksByDirectionBestFirst() {
        PassageIndex index = PassageIndex.build(PASSAGES, PassageIndexTest::circle);
        List<PassageIndex.Match> nearest =
                index.nearest(new float[] {(float) Math.cos(1.21), (float) Math.sin(1.21)}, 3);
        assertThat(nearest)
                .extracting(match -> match.passage().text())
                .containsExactly("text 12", "text 13", "text 11");
        assertThat(nearest).extracting(PassageIndex.Match::score).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(nearest.get(0).score()).isBetween(0.99, 1.000001);
    }

    @Test
    void keepsVectorsForTheNextStart(@TempDir Path folder) {
        PassageIndex index = PassageIndex.build(PASSAGES, PassageIndexTest::circle);
        IndexFile file = new IndexFile(folder.resolve("search"), "m");
        assertThat(file.read(PASSAGES)).isEmpty();
        file.write(index);
        PassageIndex read =
                new IndexFile(folder.resolve("search"), "m").read(PASSAGES).orElseThrow();
        assertThat(read.nearest(new float[] {1, 0}, 5)).isEqualTo(index.nearest(new float[] {1, 0}, 5));
    }

    @Test
    void forgetsVectorsOfOtherTextsAndModels(@TempDir Path folder) {
        IndexFile file = new IndexFile(folder, "m");
        file.write(PassageIndex.build(PASSAGES, PassageIndexTest::circle));
        assertThat(new IndexFile(folder, "n").read(PASSAGES)).isEmpty();
        assertThat(file.read(PASSAGES.subList(0, 39))).isEmpty();
        List<Passage> moved = List.of(new Passage("doc.md", "h", "text 0"));
        assertThat(file.read(moved)).isEmpty();
    }

    @Test
    void makesADamagedFileAnew(@TempDir Path folder) throws Exception {
        IndexFile file = new IndexFile(folder, "m");
        file.write(PassageIndex.build(PASSAGES, PassageIndexTest::circle));
        AtomicInteger tried = new AtomicInteger();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path kept : files.toList()) {
                byte[] bytes = Files.readAllBytes(kept);
                for (int length : new int[] {0, 3, 11, bytes.length - 1}) {
                    Files.write(kept, java.util.Arrays.copyOf(bytes, length));
                    assertThat(file.read(PASSAGES)).isEmpty();
                    tried.incrementAndGet();
                }
            }
        }
        assertThat(tried).hasValue(4);
    }
}
