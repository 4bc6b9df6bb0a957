package org.example.shop;

import java.time.LocalDate;

/** A bean of a user's, as an answer of a model may be read into. */
public final class Parcel {

    public String getName() {
        return "bean";
    }

    public LocalDate getDay() {
        return LocalDate.of(2026, 1, 31);
    }
}
