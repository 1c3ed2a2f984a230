from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from models.rules.plan_change import PlanChangeKind
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0014_scheme_drafts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PlanChange',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('year', fields.IntField()),
                ('department', fields.CharField(max_length=16)),
                ('version', fields.IntField()),
                ('entry', fields.CharField(max_length=64)),
                ('title', fields.CharField(max_length=200)),
                ('kind', fields.CharEnumField(description='WITHDRAWN: withdrawn\nMERGED: merged\nWIDENED: widened', enum_type=PlanChangeKind, max_length=16)),
                ('into', fields.CharField(default='', max_length=64)),
                ('window', ReadableJSONField()),
                ('reason', fields.CharField(max_length=500)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'plan_change', 'app': 'models', 'indexes': [Index(fields=['entry'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
