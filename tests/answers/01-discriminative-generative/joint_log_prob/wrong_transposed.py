# (K, n) and not (n, K)
def joint_log_prob(X, prior, mean, var):
    return torch.stack(
        [
            Normal(m, v.sqrt()).log_prob(X).sum(1) + p.log()
            for p, m, v in zip(prior, mean, var, strict=True)
        ]
    )
