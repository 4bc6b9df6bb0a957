@NullMarked
package io.bactrian.tool.builtin.web;

import org.jspecify.annotations.NullMarked;
