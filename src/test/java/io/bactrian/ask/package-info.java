@NullMarked
package io.bactrian.ask;

import org.jspecify.annotations.NullMarked;
