package io.bactrian.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {

    private static final FileId ID = new FileId("0123456789abcdef".repeat(2));

    private static String name(String given, String mimeType) {
        return FileNames.of(given, ID, mimeType);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "report.pdf           | report.pdf",
                "Grüße an alle.pdf    | Grüße an alle.pdf",
                "日本語.pdf             | 日本語.pdf",
                "v1.2 final.pdf       | v1.2 final.pdf",
                "../../etc/passwd     | ____etc_passwd.pdf",
                "C:\\temp\\x.pdf      | C__temp_x.pdf",
                ".htaccess            | _htaccess.pdf",
                "a..b.pdf             | a_b.pdf",
                "x.pdf.               | x.pdf",
                "a<b>c?d*e\"f.pdf     | a_b_c_d_e_f.pdf",
                "a;b=c,d%2fe.pdf      | a;b=c,d%2fe.pdf"
            })
    @DisplayName("SIGN-06: a name is for people, and what could make more of it is replaced")
    void makesANameHarmless(String given, String expected) {
        assertThat(name(given, "application/pdf")).isEqualTo(expected);
    }

    @Test
    @DisplayName("SIGN-06: nothing that breaks lines, or turns or hides what stands around it, is left")
    void replacesWhatIsNotToBeSeen() {
        assertThat(name("a\r\nb\u0000c\u0085d\u2028e.txt", "text/plain")).isEqualTo("a__b_c_d_e.txt");
        assertThat(name("invoice\u202egnp.exe", "text/plain")).isEqualTo("invoice_gnp.exe");
        assertThat(name("a\u200bb\ufeffc\u2066d\u200e.txt", "text/plain")).isEqualTo("a_b_c_d_.txt");
        // half a character, and characters that mean nothing
        assertThat(name("a\ud83d.txt", "text/plain")).isEqualTo("a_.txt");
        assertThat(name("a\ue000\uffff.txt", "text/plain")).isEqualTo("a__.txt");
        assertThat(name("\u00a0a\u3000b\u00a0.txt", "text/plain")).isEqualTo("a b .txt");
    }

    @Test
    void keepsWhatScriptsAndEmojiNeed() {
        assertThat(name("\u0646\u0627\u0645\u0647\u200c\u0647\u0627.txt", "text/plain"))
                .isEqualTo("\u0646\u0627\u0645\u0647\u200c\u0647\u0627.txt");
        String family = "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67";
        assertThat(name(family + ".png", "image/png")).isEqualTo(family + ".png");
        // composed, so that one name is one name
        assertThat(name("e\u0301.txt", "text/plain")).isEqualTo("\u00e9.txt");
    }

    @Test
    void addsTheEndingOfItsKindToANameWithoutOne() {
        assertThat(name("picture", "image/png")).isEqualTo("picture.png");
        assertThat(name("picture.jpeg", "image/png")).isEqualTo("picture.jpeg");
        assertThat(name("picture", "application/octet-stream")).isEqualTo("picture");
        assertThat(name("picture.", "image/png")).isEqualTo("picture.png");
    }

    @Test
    void namesAFileByItsIdIfNobodyDid() {
        for (String nothing : new String[] {null, "", "   ", "\u00a0"}) {
            assertThat(name(nothing, "image/png")).isEqualTo(ID + ".png");
            assertThat(name(nothing, "application/octet-stream")).isEqualTo(ID + ".bin");
        }
    }

    @Test
    void cutsALongNameAndKeepsItsEnding() {
        assertThat(name("x".repeat(400) + ".pdf", "application/pdf"))
                .hasSize(255)
                .endsWith("x.pdf");
        String emoji = name("\ud83d\ude00".repeat(300) + ".pdf", "application/pdf");
        assertThat(emoji).hasSizeLessThanOrEqualTo(255).endsWith("\ude00.pdf");
        assertThat(name("y".repeat(100_000), "text/plain")).hasSize(255);
    }

    @Test
    void givesEveryNameThatAStoredFileTakes() {
        for (int c = 0; c <= 0xffff; c++) {
            String name = name("a" + (char) c + "b", "text/plain");
            StoredFile file = new StoredFile(
                    ID,
                    io.bactrian.core.tenant.TenantId.DEFAULT,
                    null,
                    null,
                    name,
                    "text/plain",
                    0,
                    "0".repeat(64),
                    java.time.Instant.EPOCH,
                    null);
            assertThat(file.name()).doesNotContain("/", "\\", "\n");
        }
    }
}
