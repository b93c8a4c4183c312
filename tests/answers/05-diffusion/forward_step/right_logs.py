def forward_step(x, t, eps, schedule):
    log_alpha = torch.log1p(-schedule.beta[t]).to(x.dtype)
    log_alpha = log_alpha.reshape([-1] + [1] * (x.ndim - 1))
    return x * torch.exp(log_alpha / 2) + eps * torch.sqrt(-torch.expm1(log_alpha))
