@org.jspecify.annotations.NullMarked
package io.bactrian.search;
