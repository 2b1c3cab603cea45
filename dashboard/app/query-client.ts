import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from './api/client.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 2 && error instanceof ProblemError && error.problem.retryable,
    },
    // What a change answers may be a secret: it is never kept.
    mutations: { gcTime: 0, retry: false },
  },
});
