/** What the tools have in common: checks of arguments, regular expressions in bounded time, answers. */
@NullMarked
package io.bactrian.tool.builtin.support;

import org.jspecify.annotations.NullMarked;
