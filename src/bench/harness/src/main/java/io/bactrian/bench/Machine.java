package io.bactrian.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What the figures were taken on. */
final class Machine {

    private Machine() {}

    static String describe() {
        String processor = firstLine("/proc/cpuinfo", "model name");
        String memory = firstLine("/proc/meminfo", "MemTotal");
        long gigabytes = memory.isEmpty() ? 0 : Math.round(Long.parseLong(memory.replaceAll("\\D", "")) / 1048576.0);
        return Runtime.getRuntime().availableProcessors() + " × "
                + (processor.isEmpty() ? System.getProperty("os.arch") : processor) + ", " + gigabytes + " GB, "
                + System.getProperty("os.name") + " " + System.getProperty("os.version");
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static String commit(Path folder) {
        try {
            Process git = new ProcessBuilder("git", "-C", folder.toString(), "describe", "--always", "--dirty")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 ? text : "unknown";
        } catch (IOException none) {
            return "unknown";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }

    private static String firstLine(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException none) {
            return "";
        }
    }
}
