import * as z from 'zod';
import { orNull } from '../../http/page.ts';
import { optionalText, text } from './parts.ts';

const type = optionalText('As the person labels it.', 'WORK');

/** A person somebody shared. */
export const ContactCard = z
  .strictObject({
    name: z
      .strictObject({
        formatted: optionalText('The whole name.', 'Dr. Ada M. Lovelace Jr.'),
        first: optionalText('First name.', 'Ada'),
        middle: optionalText('Middle name.', 'M.'),
        last: optionalText('Last name.', 'Lovelace'),
        prefix: optionalText('Before the name.', 'Dr.'),
        suffix: optionalText('After the name.', 'Jr.'),
      })
      .meta({ description: 'The name.' }),
    phones: z
      .array(
        z.strictObject({
          phone: optionalText('As the person keeps it.', '+1 555-010-1111'),
          wa_id: optionalText('Digits of the WhatsApp number.', '15550101111'),
          user_id: optionalText("WhatsApp's id of the person for this business.", null),
          type: optionalText('As the person labels it.', 'CELL'),
        }),
      )
      .meta({ description: 'Phone numbers.' }),
    emails: z
      .array(z.strictObject({ email: text('The address.', 'ada@example.com'), type }))
      .meta({ description: 'Addresses for mail.' }),
    addresses: z
      .array(
        z.strictObject({
          street: optionalText('Street and number.', '1 Main St'),
          city: optionalText('City.', 'Springfield'),
          state: optionalText('State or province.', 'CA'),
          zip: optionalText('Postal code.', '94000'),
          country: optionalText('Country.', 'United States'),
          country_code: optionalText('ISO 3166-1 alpha-2.', 'US'),
          type,
        }),
      )
      .meta({ description: 'Postal addresses.' }),
    urls: z
      .array(z.strictObject({ url: text('The address.', 'https://example.com'), type }))
      .meta({ description: 'Pages.' }),
    organisation: orNull(
      z
        .strictObject({
          company: optionalText('Company.', 'Acme'),
          department: optionalText('Department.', 'Engines'),
          title: optionalText('Position.', 'Lead'),
        })
        .meta({ id: 'EventContactOrganisation', description: 'Where the person works.' }),
    ),
    birthday: optionalText('As the person keeps it.', '1999-01-23'),
    origin: optionalText('`contact_request` when the person answered your request for a phone number.', null),
    vcard: optionalText('The card as it came.', null),
  })
  .meta({ id: 'EventContactCard', description: 'A person somebody shared.' });
