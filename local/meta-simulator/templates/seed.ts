import { randomTemplateId } from '../random-ids.ts';
import type { GraphTemplate } from './shape.ts';

type Seed = Pick<GraphTemplate, 'name' | 'status' | 'category' | 'components'> & Partial<GraphTemplate>;

/** As GET shows the authentication preset: Meta's own text, and the OTP button turned into a URL (meta-cloud-api §4.2). */
export function authenticationComponents(options: { isAdviceShown: boolean; expiresMinutes?: number; label: string }) {
  const advice = options.isAdviceShown ? ' For your security, do not share this code.' : '';
  return [
    {
      type: 'BODY',
      text: `*{{1}}* is your verification code.${advice}`,
      ...(options.isAdviceShown ? { add_security_recommendation: true } : {}),
      example: { body_text: [['123456']] },
    },
    ...(options.expiresMinutes === undefined
      ? []
      : [
          {
            type: 'FOOTER',
            text: `This code expires in ${options.expiresMinutes} minutes.`,
            code_expiration_minutes: options.expiresMinutes,
          },
        ]),
    {
      type: 'BUTTONS',
      buttons: [
        {
          type: 'URL',
          text: options.label,
          url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}',
          example: ['https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456'],
        },
      ],
    },
  ];
}

const SEEDS: readonly Seed[] = [
  {
    name: 'signup_otp',
    status: 'APPROVED',
    category: 'AUTHENTICATION',
    message_send_ttl_seconds: 600,
    components: authenticationComponents({ isAdviceShown: true, expiresMinutes: 10, label: 'Copy code' }),
  },
  {
    name: 'order_update',
    status: 'APPROVED',
    category: 'UTILITY',
    components: [
      {
        type: 'BODY',
        text: 'Hi {{1}}, your order {{2}} is on its way.',
        example: { body_text: [['Ada', 'A-42']] },
      },
      {
        type: 'BUTTONS',
        buttons: [
          {
            type: 'URL',
            text: 'Track order',
            url: 'https://shop.example/track/{{1}}',
            example: ['https://shop.example/track/A-42'],
          },
        ],
      },
    ],
  },
  {
    name: 'welcome_back',
    status: 'PENDING',
    category: 'MARKETING',
    components: [
      { type: 'BODY', text: 'Hello {{1}}, good to see you again!', example: { body_text: [['Ada']] } },
      { type: 'FOOTER', text: 'Reply STOP to opt out' },
    ],
  },
  {
    name: 'flash_sale',
    status: 'REJECTED',
    category: 'MARKETING',
    rejected_reason: 'INVALID_FORMAT',
    components: [{ type: 'BODY', text: 'Everything half price until {{1}} only.', example: { body_text: [['noon']] } }],
  },
];

/** The templates every new WABA starts with: two approved, one pending for ever, one rejected. */
export function seedTemplates(now: number): GraphTemplate[] {
  const seconds = Math.floor(now / 1000);
  return SEEDS.map((seed) => ({
    id: randomTemplateId(),
    language: 'en_US',
    parameter_format: 'POSITIONAL',
    rejected_reason: 'NONE',
    quality_score: { score: 'UNKNOWN', date: seconds },
    last_updated_time: seconds,
    ...seed,
  }));
}
