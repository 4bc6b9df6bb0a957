/** The parts of a call one by one, in JMH. */
package io.bactrian.bench.micro;
