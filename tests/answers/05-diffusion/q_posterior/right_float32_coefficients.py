def q_posterior(x0, xt, t, schedule):
    out, var = [], []
    for a, b, k in zip(x0, xt, t.tolist()):
        beta, bar = schedule.beta[k].float(), schedule.alpha_bar[k].float()
        before = schedule.alpha_bar[k - 1].float()
        out.append((before.sqrt() * beta * a + (1 - beta).sqrt() * (1 - before) * b) / (1 - bar))
        var.append(beta * (1 - before) / (1 - bar))
    return torch.stack(out), torch.stack(var).reshape([-1] + [1] * (x0.dim() - 1)).to(x0.dtype)
