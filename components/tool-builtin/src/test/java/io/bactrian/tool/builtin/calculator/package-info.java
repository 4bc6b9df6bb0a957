@NullMarked
package io.bactrian.tool.builtin.calculator;

import org.jspecify.annotations.NullMarked;
