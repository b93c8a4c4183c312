# one t for all the batch
def q_posterior(x0, xt, t, schedule):
    k = int(t[0])
    beta, alpha = schedule.beta[k].item(), schedule.alpha[k].item()
    bar, before = schedule.alpha_bar[k].item(), schedule.alpha_bar[k - 1].item()
    mean = before**0.5 * beta / (1 - bar) * x0 + alpha**0.5 * (1 - before) / (1 - bar) * xt
    return mean, torch.full_like(xt, beta * (1 - before) / (1 - bar))
