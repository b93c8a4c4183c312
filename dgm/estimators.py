"""Two unbiased estimates of the gradient of E_q(z) [f(z)] in the mean of q(z) = N(mu, sigma^2).

    reparameterisation: E[grad f(mu + sigma eps)],    score function: E[f(z) grad_mu log q(z)].

The first needs the gradient of f, the second only its value, and pays for it in variance.
Taught in: chapter 03.
"""

from collections.abc import Callable

import torch

from dgm.validate import shapes


@shapes(mu="B K: float", logvar="B K: float", eps="B K: float")
def reparameterized_gradient(
    f: Callable[[torch.Tensor], torch.Tensor],
    mu: torch.Tensor,
    logvar: torch.Tensor,
    eps: torch.Tensor,
) -> torch.Tensor:
    """The gradient in mu of f(mu + sigma eps), at one draw of noise for each row.

    Args:
        f: from z (B, K) to values (B,), a row at a time; differentiable.
        mu, logvar: (B, K) of q(z).
        eps: (B, K) draws of N(0, 1).

    Returns:
        (B, K), whose mean over draws is the gradient of E[f(z)].

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Kingma and Welling 2014 (arXiv 1312.6114), section 2.3. Taught in: chapter 03.
    """
    mu = mu.detach().requires_grad_()
    value = f(mu + torch.exp(logvar.detach() / 2) * eps)  # (B,)
    return torch.autograd.grad(value.sum(), mu)[0]


@shapes(mu="B K: float", logvar="B K: float", eps="B K: float")
def score_function_gradient(
    f: Callable[[torch.Tensor], torch.Tensor],
    mu: torch.Tensor,
    logvar: torch.Tensor,
    eps: torch.Tensor,
) -> torch.Tensor:
    """The value f(z) times the gradient in mu of log q(z), at z = mu + sigma eps.

    grad_mu log q(z) = (z - mu) / sigma^2. No gradient of f is asked for.

    Args:
        f: from z (B, K) to values (B,), a row at a time; any function.
        mu, logvar: (B, K) of q(z).
        eps: (B, K) draws of N(0, 1).

    Returns:
        (B, K), whose mean over draws is the gradient of E[f(z)].

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Williams 1992 (Machine Learning 8); Kingma and Welling 2014, section 2.2.
    Taught in: chapter 03.
    """
    sigma = torch.exp(logvar / 2)
    return f(mu + sigma * eps)[:, None] * eps / sigma
