from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0040_agencies')]

    initial = False

    operations = [
        ops.CreateModel(
            name='TeamGroup',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('team', fields.ForeignKeyField('models.Team', source_field='team_id', db_constraint=True, to_field='id', related_name='groups', on_delete=OnDelete.RESTRICT)),
                ('chat_id', fields.BigIntField()),
                ('topic_id', fields.BigIntField(null=True)),
                ('title', fields.CharField(default='', max_length=255)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='team_groups', on_delete=OnDelete.RESTRICT)),
                ('bound_at', UtcDatetimeField()),
                ('pinned_id', fields.BigIntField(null=True)),
                ('trouble', fields.CharField(default='', max_length=8)),
                ('ended_by', fields.CharField(null=True, max_length=120)),
                ('ended_at', UtcDatetimeField(null=True)),
                ('end_reason', fields.CharField(default='', max_length=8)),
            ],
            options={'table': 'team_group', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GroupCode',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('token_sha256', fields.CharField(unique=True, max_length=64)),
                ('team', fields.ForeignKeyField('models.Team', source_field='team_id', db_constraint=True, to_field='id', related_name='group_codes', on_delete=OnDelete.RESTRICT)),
                ('account', fields.ForeignKeyField('models.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='group_codes', on_delete=OnDelete.RESTRICT)),
                ('made_at', UtcDatetimeField()),
                ('expires_at', UtcDatetimeField()),
                ('used_at', UtcDatetimeField(null=True)),
                ('chat_id', fields.BigIntField(null=True)),
            ],
            options={'table': 'group_code', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
