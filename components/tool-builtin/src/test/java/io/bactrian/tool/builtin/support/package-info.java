@NullMarked
package io.bactrian.tool.builtin.support;

import org.jspecify.annotations.NullMarked;
