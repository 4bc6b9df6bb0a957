@NullMarked
package io.bactrian.testkit;

import org.jspecify.annotations.NullMarked;
