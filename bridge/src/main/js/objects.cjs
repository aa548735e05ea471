// How objects of the app are changed without harming them.
"use strict";

/** Sets a property over a getter, a frozen prototype or nothing. */
function override(target, name, value) {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}

/** The object with some members replaced, without touching it: methods and getters of classes stay reachable. */
function derive(object, members) {
  const derived = Object.create(object);
  for (const name of Object.keys(members)) {
    Object.defineProperty(derived, name, { value: members[name], writable: true, configurable: true, enumerable: true });
  }
  return derived;
}

module.exports = { derive, override };
