package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnavailableException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Mutated URLs against an oracle that shares no code with the guard: a regular expression for the authority, the rules of
 * the WHATWG URL standard for numbers as hosts, and the blocks as ranges of big integers.
 */
class UrlFuzzTest {

    private static final int ROUNDS = 100_000;

    private static final List<String> SEEDS = List.of(
            "https://example.com/v1/chat",
            "https://api.example.com:443/x?y=z",
            "http://example.com/",
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]:443/",
            "https://[::ffff:7f00:1]/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://169.254.169.254/latest",
            "https://10.0.0.1:8443/",
            "https://private.example/",
            "https://mixed.example:443/",
            "https://user@example.com/",
            "https://example.com@127.0.0.1/",
            "https://example.com\\@127.0.0.1/",
            "https://example.com%00.private.example/",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "https://metadata.google.internal/",
            "https://fcbarcelona.com/",
            "https://fdic.gov:8443/",
            "https://[fd00:ec2::254]/",
            "https://\uff11\uff12\uff17.0.0.1/",
            "https://localhost:11434/",
            "https://[2002:7f00:1::]/",
            "https://1.1.1.1.:443/");

    private static final String ALPHABET = "0123456789abcdefxABCDEFX.:/?#@[]%\\ \t\n\r\0-_~!$&'()*+,;=<>\"{}|^`"
            + "\uff10\uff11\uff0e\u3002\uff61\u00ad\u200b\u202e\u00e9\u2460\u1e9e\u0131\ud83d\udc2b";

    private static final List<String> TOKENS = List.of(
            "127.0.0.1",
            "localhost",
            "[::1]",
            "0x7f",
            "169.254.169.254",
            "@",
            "%00",
            "%2e",
            "::ffff:",
            "private.example",
            ":80",
            ":22",
            "\\",
            "//",
            "https://",
            "..",
            "#@",
            "[fe80::1%eth0]",
            "0",
            "127.1");

    private static final Map<String, List<String>> NAMES = Map.of(
            "example.com", List.of("93.184.216.34"),
            "api.example.com", List.of("93.184.216.34", "2606:4700:0:0:0:0:0:1111"),
            "fcbarcelona.com", List.of("185.60.216.35"),
            "fdic.gov", List.of("8.8.4.4"),
            "localhost", List.of("127.0.0.1", "::1"),
            "private.example", List.of("10.1.2.3"),
            "mixed.example", List.of("93.184.216.34", "192.168.1.1"),
            "metadata.google.internal", List.of("169.254.169.254"));

    private static final List<String> BLOCKS = List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "0:0:0:0:0:0:0:0/96",
            "64:ff9b:0:0:0:0:0:0/96",
            "64:ff9b:1:0:0:0:0:0/48",
            "100:0:0:0:0:0:0:0/64",
            "2001:0:0:0:0:0:0:0/32",
            "2001:db8:0:0:0:0:0:0/32",
            "2002:0:0:0:0:0:0:0/16",
            "fc00:0:0:0:0:0:0:0/7",
            "fe80:0:0:0:0:0:0:0/10",
            "fec0:0:0:0:0:0:0:0/10",
            "ff00:0:0:0:0:0:0:0/8");

    private static final Pattern AUTHORITY = Pattern.compile("(?i)(https?)://([^/?#]*)(?:[/?].*)?", Pattern.DOTALL);
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9.-]+)(?::(\\d{1,5}))?");

    @DisplayName("SSRF-20: of 100,000 mutated URLs none leads to a denied address, and nothing breaks")
    @Test
    void neverReachesADeniedAddress() {
        long seed = Long.getLong("bactrian.fuzz.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        EgressPolicy policy = EgressPolicy.builder().allow("10.9.9.9:8443").build();
        int reached = 0;
        try (NameService names = new NameService(UrlFuzzTest::resolve, System::nanoTime)) {
            AddressGuard guard = new AddressGuard(policy, names);
            for (int i = 0; i < ROUNDS; i++) {
                String url = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
                List<InetAddress> connected = connect(policy, guard, url, seed);
                if (!connected.isEmpty()) {
                    reached++;
                    assertThat(violations(url, connected))
                            .as("seed " + seed + ", round " + i + ": " + url)
                            .isEmpty();
                }
            }
        }
        assertThat(reached)
                .as("the mutations are not so wild that nothing is left to check; seed " + seed)
                .isGreaterThan(ROUNDS / 200);
    }

    private static List<InetAddress> connect(EgressPolicy policy, AddressGuard guard, String url, long seed) {
        try {
            EgressTarget target = EgressTarget.parse(url);
            policy.check(target);
            return guard.route(target.host(), target.port(), target.https(), 5_000_000_000L, () -> false)
                    .addresses();
        } catch (RefusedException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.EGRESS_DENIED);
            return List.of();
        } catch (UnavailableException unknown) {
            assertThat(unknown.code()).isEqualTo(ErrorCode.NAME_NOT_RESOLVED);
            return List.of();
        } catch (RuntimeException crash) {
            return fail("seed " + seed + ": " + url, crash);
        }
    }

    /** What an independent reader of the URL holds against the connection. */
    private static List<String> violations(String url, List<InetAddress> connected) {
        List<String> found = new ArrayList<>();
        for (InetAddress address : connected) {
            if (BLOCKS.stream().anyMatch(block -> inside(address.getAddress(), block))) {
                found.add("denied address " + address);
            }
        }
        Matcher authority = AUTHORITY.matcher(url);
        if (!authority.matches()) {
            found.add("no http URL");
            return found;
        }
        if (authority.group(1).equalsIgnoreCase("http")) {
            found.add("plain http");
        }
        Matcher hostPort = HOST_PORT.matcher(authority.group(2));
        if (!hostPort.matches()) {
            if (authority.group(2).chars().allMatch(c -> c < 128)) {
                found.add("odd authority");
            }
            return found;
        }
        String port = hostPort.group(2);
        if (port != null && !port.equals("443") && !port.equals("80")) {
            found.add("port " + port);
        }
        if (endsInNumber(hostPort.group(1))
                && !hostPort.group(1).matches("((0|[1-9]\\d{0,2})\\.){3}(0|[1-9]\\d{0,2})")) {
            found.add("a number as host");
        }
        return found;
    }

    /** WHATWG URL, "ends in a number checker". */
    private static boolean endsInNumber(String host) {
        String[] labels = host.split("\\.", -1);
        int last = labels.length - 1;
        if (labels[last].isEmpty() && last > 0) {
            last--;
        }
        return labels[last].matches("\\d+|0[xX][0-9A-Fa-f]*");
    }

    private static boolean inside(byte[] address, String block) {
        String[] parts = block.split("/");
        byte[] network = bytes(parts[0]);
        if (network.length != address.length) {
            return false;
        }
        int shift = network.length * 8 - Integer.parseInt(parts[1]);
        return new BigInteger(1, network).shiftRight(shift).equals(new BigInteger(1, address).shiftRight(shift));
    }

    private static byte[] bytes(String address) {
        boolean four = address.indexOf('.') >= 0;
        String[] parts = address.split(four ? "\\." : ":");
        byte[] bytes = new byte[four ? 4 : 16];
        for (int i = 0; i < parts.length; i++) {
            int value = Integer.parseInt(parts[i], four ? 10 : 16);
            if (four) {
                bytes[i] = (byte) value;
            } else {
                bytes[2 * i] = (byte) (value >> 8);
                bytes[2 * i + 1] = (byte) value;
            }
        }
        return bytes;
    }

    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        List<String> addresses = NAMES.get(host);
        if (addresses == null) {
            throw new UnknownHostException(host);
        }
        List<InetAddress> resolved = new ArrayList<>();
        for (String address : addresses) {
            resolved.add(InetAddress.getByAddress(address.equals("::1") ? bytes("0:0:0:0:0:0:0:1") : bytes(address)));
        }
        return resolved;
    }

    private static String mutate(String seed, SplittableRandom random) {
        StringBuilder url = new StringBuilder(seed);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(url.length() + 1);
            switch (random.nextInt(6)) {
                case 0 -> url.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 1 -> url.delete(at, Math.min(url.length(), at + random.nextInt(1, 4)));
                case 2 -> url.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
                case 3 -> replace(url, at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 4 -> swapCase(url, at);
                default -> url.append(SEEDS.get(random.nextInt(SEEDS.size())), 0, random.nextInt(1, 12));
            }
        }
        return url.toString();
    }

    private static void replace(StringBuilder url, int at, char by) {
        if (at < url.length()) {
            url.setCharAt(at, by);
        }
    }

    private static void swapCase(StringBuilder url, int at) {
        if (at < url.length()) {
            char c = url.charAt(at);
            url.setCharAt(at, Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c));
        }
    }
}
