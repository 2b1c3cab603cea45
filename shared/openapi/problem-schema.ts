import * as z from 'zod';
import { API_ERRORS, type ErrorCode } from '../error-codes.ts';
import { Step } from './step-schema.ts';

const codes = Object.keys(API_ERRORS) as [ErrorCode, ...ErrorCode[]];

const FieldError = z
  .object({
    pointer: z
      .string()
      .meta({ description: 'JSON pointer into the body, or `query:name`, `header:Name`.', example: '/variables/1' }),
    code: z.string().meta({ description: 'What is wrong, for programs.', example: 'missing_variable' }),
    message: z
      .string()
      .meta({ description: 'What is wrong, for people.', example: "The template's variable {{2}} has no value." }),
  })
  .meta({ id: 'FieldError', description: 'One thing wrong with a request.' });

/** The answer to everything that is refused: contract §3. The document's words for shared/http/problem.ts. */
export const Problem = z
  .object({
    type: z
      .url()
      .meta({ description: 'Page about the code.', example: 'https://quixess.com/developers/errors/invalid_request' }),
    title: z.string().meta({ description: 'What the code means.', example: API_ERRORS.invalid_request.title }),
    status: z.number().int().meta({ description: 'The HTTP status.', example: 400 }),
    code: z.enum(codes).meta({ description: 'For programs. New codes may come.', example: 'invalid_request' }),
    detail: z.string().meta({
      description: 'What is wrong with this request.',
      example: "The template's variable {{2}} has no value.",
    }),
    instance: z
      .string()
      .meta({ description: 'The path that was called.', example: '/api/v1/whatsapp/external/send/template' }),
    request_id: z
      .string()
      .meta({ description: 'For support; the same as X-Request-Id.', example: '0b8e6d2e-3f0c-4f6d-9a51-6a6d5c1e7f10' }),
    retryable: z.boolean().meta({ description: 'Whether the same request may work later.', example: false }),
    retry_after_seconds: z.number().nullable().meta({ description: 'How long to wait, where known.', example: null }),
    fix: z.string().meta({ description: 'What to do.', example: API_ERRORS.invalid_request.fix }),
    errors: z.array(FieldError).meta({ description: 'Each thing that is wrong with the request.' }),
    whatsapp_error: z
      .object({
        error: z.record(z.string(), z.unknown()).meta({
          description: "Meta's error object, unchanged.",
          example: { message: '(#132000) Number of parameters does not match', type: 'OAuthException', code: 132000 },
        }),
      })
      .optional()
      .meta({ description: 'Where WhatsApp refused.' }),
    steps: z.array(Step).optional().meta({ description: 'Where a job in steps failed: how far it came.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document.' });
