/** The provider {@code web}: pages and files by their URL. */
@NullMarked
package io.bactrian.tool.builtin.web;

import org.jspecify.annotations.NullMarked;
