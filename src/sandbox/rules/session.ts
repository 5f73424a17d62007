/** Rules of session controls. Source: "conditionalAccessSessionControls" and "signInFrequencySessionControl" resource types. */
import { malformed } from '../errors.js';
import { type Body, isObject } from '../validate.js';

/** Throws 400 for controls that have no effect (null is what removes them), and for a wrong sign-in frequency. */
export function checkSessionControls(session: Body): void {
  const effective = Object.entries(session).some(([name, control]) => {
    if (name === 'disableResilienceDefaults') return control === true;
    return isObject(control) && control.isEnabled === true;
  });
  if (!effective)
    throw malformed(
      'sessionControls has no effective control; to remove session controls, set sessionControls to null.',
    );
  if (isObject(session.signInFrequency)) checkFrequency(session.signInFrequency, session);
}

function checkFrequency(frequency: Body, session: Body): void {
  const { value, type } = frequency;
  if (frequency.frequencyInterval === 'everyTime') {
    if (hasValue(value) || hasValue(type))
      throw malformed("signInFrequency with frequencyInterval 'everyTime' takes no value and no type.");
    if (hasValue(session.applicationEnforcedRestrictions) || hasValue(session.disableResilienceDefaults)) {
      throw malformed(
        "signInFrequency with frequencyInterval 'everyTime' cannot be combined with applicationEnforcedRestrictions or disableResilienceDefaults.",
      );
    }
    return;
  }
  if (frequency.isEnabled !== true && !hasValue(value) && !hasValue(type)) return;
  const longest = type === 'hours' ? 23 : 365;
  if (typeof value !== 'number' || value < 1 || value > longest || !hasValue(type)) {
    throw malformed('signInFrequency needs a type, and a value of 1 to 23 hours or 1 to 365 days.');
  }
}

const hasValue = (value: unknown): boolean => value !== null && value !== undefined;
