package io.bactrian.testkit;

/** One header line as it went over the wire: the name with its capitals, the value without surrounding blanks. */
public record Header(String name, String value) {

    boolean named(String other) {
        return name.equalsIgnoreCase(other);
    }
}
